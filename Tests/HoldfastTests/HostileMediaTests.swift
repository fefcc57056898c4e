import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Hostile trees and unusual places for them, through the real program.
@Suite(.timeLimit(.minutes(5))) struct HostileMediaTests {
    /// One cluster's environments, each with a tree.
    private struct Trees {
        let cluster: Cluster

        init(_ cluster: Cluster) throws {
            self.cluster = cluster
            try cluster.result("project", "create", "shop")
        }

        /// Makes the environment and its tree.
        func add(_ environment: String) throws -> String {
            let path = cluster.media.appendingPathComponent(environment).path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try cluster.result("environment", "create", "shop/\(environment)", "--schedule", "none")
            try cluster.result("service", "set", "shop/\(environment)", "media", "--path", path)
            return path
        }

        func backUp(_ environment: String) throws -> Backup {
            guard case .backup(let detail) = try cluster.result("backup", "create", "shop/\(environment)") else {
                throw TestFailure("no backup")
            }
            return detail.backup
        }

        func restore(_ backup: Backup, to environment: String) throws -> RestoreDetail {
            let result = try cluster.result(
                "restore", "start", backup.id.text, "--to", "shop/\(environment)", "--yes")
            guard case .restore(let detail) = result else { throw TestFailure("no restore") }
            return detail
        }

        /// Restores and undoes, comparing with both contents.
        ///
        /// - Parameter warning: a part of the one warning that there has to be; nil where there must be none.
        func expectRestoreAndUndo(
            _ backup: Backup, of live: String, to environment: String, at path: String, warning: String? = nil
        ) throws {
            let old = MediaTreeDigest(of: path)
            let restore = try restore(backup, to: environment)
            #expect(MediaTreeDigest(of: path).differences(from: MediaTreeDigest(of: live)) == [])
            #expect(restore.warnings.count == (warning == nil ? 0 : 1))
            if let warning { #expect(restore.warnings.first.first?.contains(warning) == true) }
            try cluster.result("restore", "undo", restore.job.text, "--yes")
            #expect(MediaTreeDigest(of: path).differences(from: old) == [])
        }

        func write(_ path: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    }

    @Test func whatCanBeKeptIsIdenticalAndTheRestIsShownByName() async throws {
        try await Cluster.with { cluster in
            let trees = try Trees(cluster)
            let (live, test) = (try trees.add("live"), try trees.add("test"))
            MediaSampleTree(in: live, seed: 21)
            try trees.write("\(test)/old", "old")
            let whole = try trees.backUp("live")
            if geteuid() == 0 {
                #expect(whole.parts.first?.warnings == Warnings())
                try trees.expectRestoreAndUndo(whole, of: live, to: "test", at: test)
            }

            try trees.write("\(live)/.holdfast-\u{1b}]0;mine\u{7}\nok", "")
            let text = try cluster.holdfast("backup", "show", trees.backUp("live").id.text).output
            #expect(text.contains("1 warning on media"))
            #expect(
                text.contains(
                    "  .holdfast-\\u{1b}]0;mine\\u{7}\\u{a}ok is left out: names that begin with .holdfast- here are "
                        + "Holdfast's own; rename it."), "\(text)")
        }
    }

    /// A container that has the tree bound into its own mount namespace sees what is restored and what is brought back.
    @Test(.enabled(if: MountPoint.canMount))
    func aContainerSeesTheRestoredFiles() async throws {
        try await Cluster.with { cluster in
            let trees = try Trees(cluster)
            let (live, test) = (try trees.add("live"), try trees.add("test"))
            MediaSampleTree(in: live, seed: 22)
            MediaSampleTree(in: test, seed: 23)
            let inside = cluster.root.appendingPathComponent("inside").path
            try FileManager.default.createDirectory(atPath: inside, withIntermediateDirectories: true)
            let container = try Container(binding: test, at: inside)
            defer { container.stop() }
            // What it sees, it sees through its own mount; this process has nothing there.
            #expect(try FileManager.default.contentsOfDirectory(atPath: inside) == [])

            let old = MediaTreeDigest(of: test)
            let backup = try trees.backUp("live")
            #expect(container.view.differences(from: old) == [])
            let restore = try trees.restore(backup, to: "test")
            let new = MediaTreeDigest(of: live)
            #expect(container.view.differences(from: new) == [])
            #expect(old.differences(from: new).count > 20)
            try cluster.result("restore", "undo", restore.job.text, "--yes")
            #expect(container.view.differences(from: old) == [])
        }
    }

    /// A volume of its own has no place beside it on the same file system.
    @Test(.enabled(if: MountPoint.canMount))
    func aTreeThatIsAMountPointIsRestored() async throws {
        try await Cluster.with { cluster in
            let trees = try Trees(cluster)
            let (live, test) = (try trees.add("live"), try trees.add("test"))
            let mount = try #require(MountPoint(tmpfsAt: test))
            MediaSampleTree(in: live, seed: 24)
            try trees.write("\(test)/old", "old")
            try trees.expectRestoreAndUndo(try trees.backUp("live"), of: live, to: "test", at: test)
            withExtendedLifetime(mount) {}
        }
    }

    @Test(.enabled(if: MountPoint.hasFUSE))
    func aTreeWithoutExchangeIsRestored() async throws {
        try await Cluster.with { cluster in
            let trees = try Trees(cluster)
            let (live, test) = (try trees.add("live"), try trees.add("test"))
            let below = cluster.root.appendingPathComponent("below").path
            try FileManager.default.createDirectory(atPath: below, withIntermediateDirectories: true)
            let mount = try #require(MountPoint(fuse: below, at: test))
            #expect(mount.refusesExchange)
            // Two names of one file have two inodes there, so that hard links could not be told from files.
            MediaSampleTree(in: live, seed: 25)
            for name in ["big", "images/big-too", "a-third-name", "other-0", "other-1"] { unlink("\(live)/\(name)") }
            for name in ["images", "big", "only-here"] { try trees.write("\(test)/\(name)", "other") }
            try trees.expectRestoreAndUndo(
                try trees.backUp("live"), of: live, to: "test", at: test, warning: "can't exchange two names")
            withExtendedLifetime(mount) {}
        }
    }
}

/// A process with a mount namespace of its own, as containers have.
private struct Container {
    private let process = Process()
    private let input = Pipe()
    private let path: String

    init(binding source: String, at path: String) throws {
        self.path = path
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = [
            "--mount", "--propagation", "private", "sh", "-c", #"mount --bind "$1" "$2" && echo ready && exec cat"#,
            "sh",
            source, path,
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard try output.fileHandleForReading.read(upToCount: 5) == Data("ready".utf8) else {
            throw TestFailure("no mount namespace could be made")
        }
    }

    /// The tree as the process sees it.
    var view: MediaTreeDigest { MediaTreeDigest(of: "/proc/\(process.processIdentifier)/root\(path)") }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Holdfast as a user without any privilege: nothing of it may need root.
@Suite(.enabled(if: geteuid() == 0), .timeLimit(.minutes(5)))
struct OrdinaryUserTests {
    private static let nobody = 65534

    @Test func backsUpAndRestoresMedia() throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let binary = cluster.root.appendingPathComponent("holdfast")
        try FileManager.default.copyItem(atPath: HoldfastBinary.path, toPath: binary.path)
        let trees = ["live", "test"].map { cluster.media.appendingPathComponent($0).path }
        for tree in trees { try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true) }
        try Data("kept".utf8).write(to: URL(fileURLWithPath: trees[0] + "/file"))
        for path in [cluster.root.path, cluster.media.path, trees[0], trees[0] + "/file", trees[1]] {
            chown(path, uid_t(Self.nobody), gid_t(Self.nobody))
        }
        chmod(cluster.root.path, 0o755)
        chmod(binary.path, 0o755)

        try cluster.start(through: [
            "/usr/bin/setpriv", "--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", binary.path,
        ])
        try cluster.result("project", "create", "shop")
        for (environment, tree) in zip(["shop/live", "shop/test"], trees) {
            try cluster.result("environment", "create", environment, "--schedule", "none")
            try cluster.result("service", "set", environment, "media", "--path", tree)
        }
        guard case .backup(let detail) = try cluster.result("backup", "create", "shop/live") else {
            throw TestFailure("no backup")
        }
        try cluster.result("restore", "start", detail.backup.id.text, "--to", "shop/test", "--yes")
        #expect(
            MediaTreeDigest(of: trees[0], withRoot: false).lines == MediaTreeDigest(of: trees[1], withRoot: false).lines
        )
    }
}

import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// The real program on a disk that fails beneath it: syncs that end with an error, and a file system that the kernel has
/// made read-only. It says so, acknowledges nothing that isn't safe, and has everything else once the disk is well.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct FailingDiskTests {
    /// Everything acknowledged before is there and good; what was not acknowledged is no backup; the next one works.
    private func check(_ shop: Shop, complete: [BackupID], projects: [String], _ when: Comment) throws {
        let cluster = shop.cluster
        guard case .backups(let backups) = try cluster.result("backup", "list", "shop/live") else {
            throw TestFailure("no list of backups")
        }
        #expect(Set(complete).isSubset(of: backups.filter { $0.state == .complete }.map(\.id)), when)
        for backup in backups where backup.state == .complete {
            #expect(try cluster.holdfast("backup", "verify", backup.id.text).status == 0, when)
        }
        guard case .projects(let known) = try cluster.result("project", "list") else {
            throw TestFailure("no list of projects")
        }
        #expect(Set(projects).isSubset(of: known.map(\.name.text)), when)
        #expect(try shop.backUp().state == .complete, when)
    }

    @Test(.enabled(if: FailingCalls.isAvailable)) func syncsThatFail() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let live = try await shop.content("shop/live")
            var complete = [try shop.backUp().id]
            var projects: [String] = []
            // Every sync, then of each thread every second and third one from the first and the second on.
            for (number, which) in ["1+", "1+2", "2+2", "1+3"].enumerated() {
                try Data("changed \(number)".utf8).write(to: URL(fileURLWithPath: "\(shop.liveMedia)/a.txt"))
                let process = try #require(cluster.server?.identifier)
                let failing = try FailingCalls("fsync,fdatasync", error: "EIO", of: process, when: which)
                let backup = try cluster.holdfast("backup", "create", "shop/live", "--json")
                if backup.status == 0,
                    case .backup(let detail) = try JSONDecoder().decode(
                        CommandResult.self, from: Data(backup.output.utf8))
                {
                    complete.append(detail.backup.id)
                }
                let name = "another-\(number)"
                let project = try cluster.holdfast("project", "create", name)
                if project.status == 0 { projects.append(name) }
                let failed = try failing.end()
                #expect(!failed.isEmpty, "no call has failed")
                if number == 0 {
                    #expect(backup.status != 0)
                    #expect(project.status != 0)
                    let said = project.errors
                    #expect(said.contains("disk") || said.contains("Input/output error"), "\(said)")
                }
                // The process may go on, or have given up: started again, all is well in either case.
                cluster.kill()
                try cluster.start()
                try check(shop, complete: complete, projects: projects, "\(which): \(failed)")
            }
            let restored = try shop.restore(shop.backUp().id)
            #expect(restored.status == .succeeded)
            #expect(try await shop.content("shop/test").database == live.database)
        }
    }

    /// As the kernel does it when ext4 meets an error: from one moment to the next nothing can be written.
    @Test(.enabled(if: SmallDisk.isAvailable)) func aFileSystemThatBecomesReadOnly() async throws {
        let cluster = try Cluster(settings: ["--reserve", "8MiB"])
        let disk = try SmallDisk(megabytes: 64, at: cluster.root.path + "/data")
        defer { cluster.remove() }
        try cluster.start()
        let shop = try await Shop.open(on: cluster)
        let backup = try shop.backUp()

        try disk.breakDown()
        let project = try #require(cluster.holdfastFailure("project", "create", "another"))
        #expect(project.contains("check the disk"), "\(project)")
        #expect(cluster.holdfastFailure("backup", "create", "shop/live") != nil)
        #expect(try cluster.holdfast("backup", "show", backup.id.text).status == 0, "what needs no writing is answered")
        #expect(cluster.server?.isRunning == true)

        // What an operator does: stop it, check the file system, mount it again, start it.
        cluster.stop()
        try disk.mend()
        try cluster.start()
        try check(shop, complete: [backup.id], projects: ["shop"], "mended")
    }
}

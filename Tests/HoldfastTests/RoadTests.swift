import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// The main job, through the ordinary command line, on a real database and a real tree.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct RoadTests {
    @Test func backsUpRestoresAndUndoes() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let (live, before) = (try await shop.content("shop/live"), try await shop.content("shop/test"))

            let backup = try shop.backUp("shop/live", "--note", "before the sale")
            #expect(backup.state == .complete)
            #expect(backup.note == "before the sale")
            #expect((backup.receipt?.objects ?? 0) >= 4)

            let restore = try shop.restore(backup.id)
            #expect(restore.status == .succeeded)
            let restored = try await shop.content("shop/test")
            #expect(restored == live)

            let safety = try #require(restore.safetyBackup)
            guard case .backup(let detail) = try cluster.result("backup", "show", safety.text) else {
                throw TestFailure("no safety backup")
            }
            #expect(detail.backup.trigger == .safety && detail.backup.state == .complete)

            try cluster.result("restore", "undo", restore.job.text, "--yes")
            let undone = try await shop.content("shop/test")
            #expect(undone == before)
            #expect(try await shop.content("shop/live") == live)
        }
    }

    @Test func readsNoUnchangedFileAgain() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            _ = try shop.backUp("shop/live", "--media")
            // What was changed a moment before a capture may change again unseen, so it is read once more.
            try await Task.sleep(for: .seconds(3))
            _ = try shop.backUp("shop/live", "--media")
            try await Task.sleep(for: .seconds(3))
            let second = try shop.backUp("shop/live", "--media")
            #expect(second.totals.readBytes == 0)
            #expect(second.totals.newBytes == 0)
            #expect(second.totals.logicalBytes > 200_000)
        }
    }

    @Test func restoresOneServiceAndLeavesTheOther() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let (live, before) = (try await shop.content("shop/live"), try await shop.content("shop/test"))
            let backup = try shop.backUp()
            _ = try shop.restore(backup.id, to: "shop/test", "--media")
            var now = try await shop.content("shop/test")
            #expect(now == Shop.Content(database: before.database, media: live.media))
            _ = try shop.restore(backup.id, to: "shop/test", "--database")
            now = try await shop.content("shop/test")
            #expect(now == live)
        }
    }

    @Test func survivesARestartBetweenBackupAndRestore() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let live = try await shop.content("shop/live")
            let backup = try shop.backUp()
            cluster.kill()
            try cluster.start()
            // Said at the first start, and never again.
            #expect(cluster.logText.components(separatedBy: "with the password ").count == 2)
            guard case .verified(_, let report) = try cluster.result("backup", "verify", backup.id.text) else {
                throw TestFailure("no report")
            }
            #expect(report.problems.isEmpty && report.bytes > 0)
            _ = try shop.restore(backup.id)
            #expect(try await shop.content("shop/test") == live)
        }
    }
}

extension Shop {
    /// Databases on the server that only a job of ours would have made, and staging directories in the trees.
    func leftovers() async throws -> [String] {
        let databases = try await postgres.sql(
            "SELECT datname FROM pg_database WHERE datname LIKE 'hf\\_%' AND datdba = '\(role)'::regrole ORDER BY 1")
        let staging = try [liveMedia, testMedia].flatMap {
            try FileManager.default.contentsOfDirectory(atPath: $0).filter { $0.hasPrefix(".holdfast-") }
        }
        return databases.split(separator: "\n").map(String.init) + staging
    }
}

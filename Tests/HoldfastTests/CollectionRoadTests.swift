import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Collection with the real program: space comes back on the disk, and what is needed stays.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct CollectionRoadTests {
    private static let newFileBytes = 3_000_000

    @Test func spaceComesBackAndTheOthersStayWhole() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try cluster.result("retention", "set", "shop", "--window-days", "0")
            // So that what is new in the next one has a shard of its own.
            _ = try shop.backUp()
            try shop.writeRandomFile("first", bytes: Self.newFileBytes)
            let first = try shop.backUp()
            try FileManager.default.removeItem(atPath: "\(shop.liveMedia)/first")
            try shop.writeRandomFile("second", bytes: 100_000)
            let second = try shop.backUp()
            let live = try await shop.content("shop/live")
            let full = try cluster.storedBytes()
            #expect(try cluster.shownBytes() == full)

            // Nothing is deleted as long as the backup is there.
            #expect(try cluster.collect().objects == 0)
            #expect(try cluster.storedBytes() == full)

            try cluster.result("backup", "delete", first.id.text, "--yes")
            let report = try cluster.collect()
            #expect(report.backups == 1 && report.problems.isEmpty && report.unknown.isEmpty)
            let left = try cluster.storedBytes()
            #expect(report.bytes > Int64(Self.newFileBytes))
            // A tombstone came.
            #expect(full - report.bytes < left && left < full - report.bytes + 200)
            #expect(try cluster.shownBytes() == left)

            let restored = try shop.restore(second.id)
            #expect(restored.status == .succeeded)
            #expect(try await shop.content("shop/test") == live)

            // Content that was given back is stored again when it comes again.
            try shop.writeRandomFile("first", bytes: Self.newFileBytes)
            let third = try shop.backUp()
            guard case .verified(_, let verified) = try cluster.result("backup", "verify", third.id.text) else {
                throw TestFailure("no report")
            }
            #expect(verified.problems.isEmpty)
        }
    }

    /// The same content as that of a backup that was deleted: its chunks are in the index, and their shards condemned.
    @Test func contentOfADeletedBackupIsStoredAgain() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try cluster.result("retention", "set", "shop", "--window-days", "0")
            try shop.writeRandomFile("first", bytes: Self.newFileBytes)
            let first = try shop.backUp("shop/live", "--media")
            try cluster.result("backup", "delete", first.id.text, "--yes")
            #expect(try cluster.collect().bytes > Int64(Self.newFileBytes))
            let live = try await shop.content("shop/live")
            let second = try shop.backUp("shop/live", "--media")
            _ = try shop.restore(second.id, to: "shop/test", "--media")
            #expect(try await shop.content("shop/test").media == live.media)
        }
    }

    /// Of ten files that were backed up together one is still there: its shard gives back the space of the others.
    @Test func whatIsMostlyDeadIsRewritten() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try cluster.result("retention", "set", "shop", "--window-days", "0")
            for number in 0..<10 { try shop.writeRandomFile("file\(number)", bytes: 300_000, seed: UInt64(number)) }
            let first = try shop.backUp()
            for number in 0..<9 { try FileManager.default.removeItem(atPath: "\(shop.liveMedia)/file\(number)") }
            var backups: [(id: BackupID, content: Shop.Content)] = []
            for round in 0..<3 {
                try shop.writeRandomFile("changing", bytes: 50_000, seed: UInt64(100 + round))
                backups.append((try shop.backUp().id, try await shop.content("shop/live")))
            }
            #expect(try cluster.collect().rewriting?.shards == 0)
            let full = try cluster.storedBytes()
            try cluster.result("backup", "delete", first.id.text, "--yes")
            let report = try cluster.collect()
            #expect(report.problems.isEmpty)
            let rewriting = try #require(report.rewriting)
            #expect(rewriting.shards >= 1 && rewriting.lists >= 3 && !rewriting.isPartial)
            // Estimated by the plain content, which compresses better in some files than in these.
            #expect(rewriting.deadBytes > 2_400_000)
            let left = try cluster.storedBytes()
            #expect(full - left > 2_500_000)
            #expect(try cluster.shownBytes() == left)
            // There is nothing more to be had.
            #expect(try cluster.collect().rewriting?.shards == 0)
            #expect(try cluster.storedBytes() == left)

            for (id, content) in backups {
                guard case .verified(_, let verified) = try cluster.result("backup", "verify", id.text) else {
                    throw TestFailure("no report")
                }
                #expect(verified.problems.isEmpty)
                #expect(try shop.restore(id).status == .succeeded)
                #expect(try await shop.content("shop/test") == content)
            }
            // What has moved is not stored again.
            let later = try cluster.storedBytes()
            _ = try shop.backUp("shop/live")
            #expect(try cluster.storedBytes() - later < 100_000)
        }
    }

    @Test func backupsGoOnWhileItCollects() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try cluster.result("retention", "set", "shop", "--window-days", "0")
            var last: Backup?
            for round in 0..<4 {
                try shop.writeRandomFile("changing", bytes: 1_000_000, seed: UInt64(round))
                let before = last
                if let before { try cluster.result("backup", "delete", before.id.text, "--yes") }
                let collection = try ServerProcess(
                    ["collect", "run", "shop"], log: cluster.root.appendingPathComponent("collect-\(round).log"),
                    environment: cluster.client)
                last = try shop.backUp()
                try cluster.until("the collection ends") { !collection.isRunning }
                #expect(collection.stop() == 0)
            }
            let report = try cluster.collect()
            #expect(report.problems.isEmpty)
            let live = try await shop.content("shop/live")
            _ = try shop.restore(try #require(last).id)
            #expect(try await shop.content("shop/test") == live)
        }
    }
}

extension Shop {
    /// Content that neither compresses nor shares anything with other files.
    func writeRandomFile(_ name: String, bytes: Int, seed: UInt64 = 1) throws {
        let data = Data(SeededEntropy(seed: seed).bytes(bytes))
        try data.write(to: URL(fileURLWithPath: "\(liveMedia)/\(name)"))
    }
}

extension Cluster {
    func collect() throws -> CollectReport {
        guard case .collected(let collected) = try result("collect", "run", "shop"),
            let report = collected.first?.report
        else { throw TestFailure("no report") }
        return report
    }

    /// The objects' bytes, as the node's disk has them.
    func storedBytes() throws -> Int64 {
        let objects = root.appendingPathComponent("data/node/objects")
        let files = FileManager.default.enumerator(at: objects, includingPropertiesForKeys: [.fileSizeKey])
        var bytes: Int64 = 0
        while let file = files?.nextObject() as? URL {
            let values = try file.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
            if values.isRegularFile == true { bytes += Int64(values.fileSize ?? 0) }
        }
        return bytes
    }

    /// The same as `project show` says it.
    func shownBytes() throws -> Int64 {
        guard case .project(let project) = try result("project", "show", "shop") else {
            throw TestFailure("no project")
        }
        return (project.stored ?? []).reduce(0) { $0 + $1.bytes }
    }
}

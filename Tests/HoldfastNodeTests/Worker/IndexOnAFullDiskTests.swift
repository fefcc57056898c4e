import Foundation
import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import Testing

@testable import HoldfastNode

/// The index of known chunks is a cache: where it can't be written a backup goes on without it, and says so.
@Suite(.enabled(if: SmallDisk.isAvailable && ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct IndexOnAFullDiskTests {
    @Test func aBackupSucceedsAndTheNextBuildsTheIndexAgain() async throws {
        let shop = try await Shop()
        let disk = try SmallDisk(megabytes: 4)
        var resources = shop.resources
        resources.indexFiles = PosixIndexFiles(directory: disk.path)
        let worker = Worker(resources)
        _ = try await shop.capture(worker)
        let size = try FileManager.default.attributesOfItem(atPath: "\(disk.path)/\(Fixture.project)")[.size] as? Int

        try disk.fill()
        try shop.write("images/new.bin", Shop.noise(3_000_000, seed: 5))
        let backup = try await shop.capture(worker)
        let warnings = backup.parts.flatMap(\.warnings.first)
        #expect(warnings.contains { $0.contains("index") && $0.contains("No space left") }, "\(warnings)")

        try disk.makeRoom()
        let next = try await shop.capture(worker)
        #expect(next.parts.flatMap(\.warnings.first).isEmpty)
        #expect(next.parts.map(\.sizes.storedBytes).max() ?? .max < 100_000, "what is stored is known again")
        let grown = try FileManager.default.attributesOfItem(atPath: "\(disk.path)/\(Fixture.project)")[.size] as? Int
        #expect(try #require(grown) > #require(size))
        await shop.remove()
    }
}

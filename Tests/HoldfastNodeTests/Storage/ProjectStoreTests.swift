import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastNode

/// The records of projects that a node keeps.
@Suite struct ProjectStoreTests {
    private let key = ClusterKey(generatedFrom: SeededEntropy(seed: 5))

    private func record(_ version: UInt64, of project: ProjectID = Fixture.project) throws -> [UInt8] {
        let record = ProjectRecord(
            project: Project(
                id: project, name: try Name("shop"), createdAt: Timestamp(milliseconds: 1),
                policy: PlacementPolicy(name: try Name("p"), copies: 1, regions: 1),
                wrappedKey: SealedSecret(sealed: "AQ==")), environments: [], schedules: [])
        return try SealedProjectRecord(record, version: version, key: key, entropy: SeededEntropy(seed: version)).bytes
    }

    private func versions(_ store: ObjectStore) async throws -> [UInt64] {
        try await store.projectVersions().map(\.version)
    }

    @Test func onlyAHigherVersionTakesItsPlace() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        #expect(try await versions(store) == [])
        #expect(try await store.store(record(5), of: Fixture.project, by: Fixture.order(1)) == 5)
        #expect(try await store.store(record(4), of: Fixture.project, by: Fixture.order(1)) == 5)
        #expect(try await store.projectRecord(Fixture.project) == record(5))
        #expect(try await store.store(record(6), of: Fixture.project, by: Fixture.order(1)) == 6)
        #expect(try await store.projectRecord(Fixture.project) == record(6))
        // Durable when it is answered.
        disk.volume.powerCut(seed: 1)
        let next = try await Fixture.store(on: MemoryDisk(volume: disk.volume))
        #expect(try await versions(next) == [6])
        #expect(try await next.store(record(5), of: Fixture.project, by: Fixture.order(1)) == 6)
    }

    @Test func ordersOfTheDeposedAreRefused() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        _ = try await store.store(record(1), of: Fixture.project, by: Fixture.order(3))
        await #expect(throws: HoldfastError.self) {
            try await store.store(record(2), of: Fixture.project, by: Fixture.order(2))
        }
        await #expect(throws: HoldfastError.self) {
            try await store.removeRecord(of: Fixture.project, by: Fixture.order(2))
        }
        #expect(try await versions(store) == [1])
    }

    @Test func whatIsNoRecordOfTheProjectIsRefused() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        let bad: [[UInt8]] = [[], [1, 2, 3], Array(try record(1).dropLast()), try record(1, of: Fixture.otherProject)]
        for bytes in bad {
            await #expect(throws: HoldfastError.self) {
                try await store.store(bytes, of: Fixture.project, by: Fixture.order(1))
            }
        }
        #expect(try await versions(store) == [])
    }

    /// What rotted is not told of, and a good one takes its place, whatever version it said it was.
    @Test func aDamagedOneGivesWay() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        _ = try await store.store(record(5), of: Fixture.project, by: Fixture.order(1))
        var rotten = try record(9)
        rotten[40] ^= 1
        try await disk.replace("projects/\(Fixture.project)", with: rotten)
        #expect(try await versions(store) == [])
        await #expect(throws: HoldfastError.self) { try await store.projectRecord(Fixture.project) }
        #expect(try await store.store(record(5), of: Fixture.project, by: Fixture.order(1)) == 5)
        #expect(try await versions(store) == [5])
    }

    @Test func itIsRemoved() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        _ = try await store.store(record(5), of: Fixture.project, by: Fixture.order(1))
        for _ in 1...2 { try await store.removeRecord(of: Fixture.project, by: Fixture.order(1)) }
        #expect(try await versions(store) == [])
    }
}

import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// A project is erased: nothing of it stays, and nothing of it is taken any more.
@Suite struct ErasureTests {
    private let key = Erasure.key

    private func marker(_ project: ProjectID = Fixture.project) throws -> [UInt8] { try Erasure.marker(project) }
    private func record(_ version: UInt64) throws -> [UInt8] { try Erasure.record(version) }

    private func filled(_ disk: MemoryDisk, lockedUntil: Timestamp? = nil) async throws -> ObjectStore {
        try await Erasure.filled(disk, lockedUntil: lockedUntil)
    }

    @Test func nothingStaysAndNothingComesBack() async throws {
        let disk = MemoryDisk()
        let store = try await filled(disk)
        let deletion = try await store.erase(Fixture.project, leaving: marker(), by: Fixture.order(1))
        #expect(deletion.objects == 4 && deletion.bytes > 0)
        // Durable when it is answered.
        disk.volume.powerCut(seed: 1)
        let next = try await Fixture.store(on: MemoryDisk(volume: disk.volume))
        for store in [store, next] {
            let statistics = try await store.statistics()
            #expect(statistics.objects == 0 && statistics.storedBytes == 0)
            #expect(await store.holds.isEmpty)
            #expect(await store.condemned(of: Fixture.project).isEmpty)
            let put = await #expect(throws: HoldfastError.self) { try await store.put(Fixture.object(1)) }
            #expect(put?.code == .checkFailed)
            let hold = await #expect(throws: HoldfastError.self) {
                try await store.hold(
                    Fixture.backup, project: Fixture.project, objects: [], until: FixedTime().now, layout: 1)
            }
            #expect(hold?.code == .checkFailed)
            // Neither its record nor a word of the coordinator brings it back.
            _ = try await store.store(record(9), of: Fixture.project, by: Fixture.order(1))
            try await store.removeRecord(of: Fixture.project, by: Fixture.order(1))
            #expect(try await store.projectRecord(Fixture.project) == marker())
            #expect(try SealedProjectRecord(decoding: marker()).provesErasure(with: key))
        }
        #expect(try await next.erase(Fixture.project, leaving: marker(), by: Fixture.order(1)).objects == 0)
    }

    @Test func whatACrashLeavesIsDeletedAtTheStart() async throws {
        let disk = MemoryDisk()
        _ = try await filled(disk)
        // Died after the first step.
        try await disk.replace("projects/\(Fixture.project)", with: try marker())
        let store = try await Fixture.store(on: MemoryDisk(volume: disk.volume))
        let error = await #expect(throws: HoldfastError.self) { try await store.put(Fixture.object(3)) }
        #expect(error?.code == .checkFailed)
        #expect(try await store.statistics().objects == 0)
        #expect(Erasure.left(on: disk.volume) == [])
        #expect(await store.reports().contains { $0.contains("4 objects") })
        #expect(try await store.erase(Fixture.project, leaving: marker(), by: Fixture.order(1)).objects == 0)
    }

    @Test func whatIsLockedStays() async throws {
        let disk = MemoryDisk()
        let store = try await filled(disk, lockedUntil: FixedTime().now.advanced(by: .seconds(1000)))
        let error = await #expect(throws: HoldfastError.self) {
            try await store.erase(Fixture.project, leaving: marker(), by: Fixture.order(1))
        }
        #expect(error?.code == .checkFailed)
        #expect(try await store.statistics().objects == 4)
        #expect(try await store.projectRecord(Fixture.project) == record(5))
    }

    @Test func onlyALeaderWithTheRecordErases() async throws {
        let disk = MemoryDisk()
        let store = try await filled(disk)
        try await store.obey(Fixture.order(3))
        let refused: [([UInt8], Order, ErrorCode)] = [
            (try marker(), Fixture.order(2), .deposed), (try record(9), Fixture.order(3), .corrupt),
            (try marker(Fixture.otherProject), Fixture.order(3), .corrupt), ([], Fixture.order(3), .corrupt),
        ]
        for (bytes, order, code) in refused {
            let error = await #expect(throws: HoldfastError.self) {
                try await store.erase(Fixture.project, leaving: bytes, by: order)
            }
            #expect(error?.code == code)
        }
        #expect(try await store.statistics().objects == 4)
        // No node can say so by itself.
        let other = ClusterKey(generatedFrom: SeededEntropy(seed: 7))
        #expect(try !SealedProjectRecord(decoding: marker()).provesErasure(with: other))
        #expect(try !SealedProjectRecord(decoding: record(9)).provesErasure(with: key))
    }
}

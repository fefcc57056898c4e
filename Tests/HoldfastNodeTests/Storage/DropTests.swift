import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Copies that others hold in a node's place.
@Suite struct DropTests {
    private let objects = (0..<6).map { Fixture.object($0) }

    private func references(_ numbers: Range<Int>) -> Set<ObjectReference> {
        Set(objects[numbers].map { ObjectReference(.shard, $0.name) })
    }

    @Test func whatIsHeldStays() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        for object in objects { try await store.put(object) }
        _ = try await store.hold(objects.prefix(4).map(\.name))
        let dropping = try await store.drop(
            references(2..<6), of: Fixture.project, by: Fixture.order(1), at: FixedTime().now)
        #expect(dropping == .init(objects: 2, bytes: objects[4..<6].reduce(0) { $0 + Int64($1.bytes.count) }, kept: 2))
        disk.volume.powerCut(seed: 1)
        let again = try await Fixture.store(on: disk)
        for store in [store, again] {
            #expect(Set(try await store.names(of: .shard)) == Set(objects.prefix(4).map(\.name)))
            #expect(try await store.held(among: Set(objects.map(\.name))) == Set(objects.prefix(4).map(\.name)))
            #expect(await store.condemned(of: Fixture.project).isEmpty)
        }
        // They may come back.
        try await again.put(objects[5])
        #expect(try await again.hold([objects[5].name]).refused.isEmpty)
    }

    @Test func onlyByTheLeaderAndByTheClock() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        for object in objects { try await store.put(object) }
        try await store.obey(Fixture.order(2))
        await expect(.deposed) {
            _ = try await store.drop(references(0..<2), of: Fixture.project, by: Fixture.order(1), at: FixedTime().now)
        }
        await expect(.checkFailed) {
            _ = try await store.drop(
                references(0..<2), of: Fixture.project, by: Fixture.order(2),
                at: FixedTime().now.advanced(by: .seconds(1000)))
        }
        #expect(try await store.names(of: .shard).count == objects.count)
    }

    /// After a crash at any step the node has each object whole or not at all, and what it still has can be dropped again.
    @Test func aCrashAtAnyStepLeavesNothingHalf() async throws {
        for step in 1...60 {
            let disk = MemoryDisk()
            let first = try await Fixture.store(on: disk)
            for object in objects { try await first.put(object) }
            _ = try await first.hold(objects.prefix(2).map(\.name))
            disk.volume.crash(at: step)
            let outcome = try? await first.drop(
                references(2..<6), of: Fixture.project, by: Fixture.order(1), at: FixedTime().now)
            var random = SeededRandom(seed: UInt64(step))
            disk.volume.powerCut(using: &random)
            let again = try await Fixture.store(on: disk)
            for object in objects.prefix(2) {
                #expect(try await again.examine(.shard, object.name), "step \(step)")
                #expect(try await again.isHeld(object.name), "step \(step)")
            }
            if outcome != nil { #expect(try await again.names(of: .shard).count == 2, "step \(step)") }
            _ = try await again.drop(
                references(2..<6), of: Fixture.project, by: Fixture.order(1), at: FixedTime().now)
            #expect(try await again.names(of: .shard).count == 2, "step \(step)")
        }
    }
}

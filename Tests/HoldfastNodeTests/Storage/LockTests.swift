import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// What is locked is given up by nobody's word.
@Suite struct LockTests {
    private let until = FixedTime().now.advanced(by: .seconds(1000))

    private func locked(_ disk: MemoryDisk) async throws -> (
        store: ObjectStore, objects: [SealedObject], tombstone: SealedObject
    ) {
        let store = try await Fixture.store(on: disk)
        let shard = Fixture.object(1)
        try await store.put(shard)
        let (objects, tombstone) = try Fixture.backupObjects(shards: [shard.name])
        for object in objects { try await store.put(object) }
        let names = [shard.name] + objects.map(\.name)
        let outcome = try await store.hold(
            Fixture.backup, project: Fixture.project, objects: names, until: FixedTime().now, lockedUntil: until,
            layout: 1)
        #expect(outcome.refused.isEmpty)
        return (store, objects, tombstone)
    }

    @Test func neitherATombstoneNorAnOrderDeletesIt() async throws {
        let disk = MemoryDisk()
        let (store, objects, tombstone) = try await locked(disk)
        let shard = Fixture.object(1).name
        let order = Fixture.order(1)
        for store in [store, try await reopened(disk)] {
            try await store.bury([tombstone.bytes], of: Fixture.project, by: order)
            #expect(await !store.isBuried(Fixture.backup))
            try await store.release([shard], from: Fixture.backup, of: Fixture.project, by: order)
            #expect(try await store.condemn([shard], of: Fixture.project, by: order).held == [shard])
            #expect(try await store.delete([shard], of: Fixture.project, by: order, at: FixedTime().now).objects == 0)
            let all = Set([ObjectReference(.shard, shard)] + objects.map { ObjectReference($0.kind, $0.name) })
            let dropping = try await store.drop(all, of: Fixture.project, by: order, at: FixedTime().now)
            #expect(dropping == .init(objects: 0, bytes: 0, kept: 3))
            #expect(try await store.names(of: .shard) == [shard])
            #expect(try await store.isHeld(shard))
        }
    }

    private func reopened(_ disk: MemoryDisk) async throws -> ObjectStore {
        disk.volume.powerCut(seed: 1)
        return try await Fixture.store(on: disk)
    }

    /// A later hold makes a lock longer and never shorter.
    @Test func aLockIsNotShortened() async throws {
        let disk = MemoryDisk()
        let (store, _, tombstone) = try await locked(disk)
        for lock in [nil, FixedTime().now] {
            _ = try await store.hold(
                Fixture.backup, project: Fixture.project, objects: [], until: FixedTime().now, lockedUntil: lock,
                layout: 1)
            #expect(await store.isLocked(Fixture.backup))
        }
        try await store.bury([tombstone.bytes], of: Fixture.project, by: Fixture.order(1))
        #expect(await !store.isBuried(Fixture.backup))
    }

    @Test func onceItsTimeIsOverItGoesLikeAnyOther() async throws {
        let disk = MemoryDisk()
        let (_, _, tombstone) = try await locked(disk)
        disk.volume.powerCut(seed: 1)
        var time = FixedTime()
        time.now = until.advanced(by: .seconds(1))
        let store = try await ObjectStore(
            node: Fixture.node, disk: disk, time: time, configuration: .init(reserveBytes: 0))
        let (order, shard) = (Fixture.order(1), Fixture.object(1).name)
        try await store.bury([tombstone.bytes], of: Fixture.project, by: order)
        #expect(await store.isBuried(Fixture.backup))
        #expect(try await store.condemn([shard], of: Fixture.project, by: order).condemned == 1)
        #expect(try await store.delete([shard], of: Fixture.project, by: order, at: time.now).objects == 3)
    }
}

import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Synchronization
import Testing

@testable import HoldfastNode

/// How a node gives up a reference list for another, and the holds that it had.
@Suite struct ReplacingTests {
    private let disk = MemoryDisk()
    private let old: SealedObject
    private let new: SealedObject

    init() throws {
        old = try Self.list([1, 2])
        new = try Self.list([2, 3])
    }

    private static func list(_ shards: [Int]) throws -> SealedObject {
        try Fixture.backupObjects(shards: shards.map { Fixture.object($0).name }).objects[0]
    }

    private func store(time: any TimeSource = FixedTime()) async throws -> ObjectStore {
        try await ObjectStore(node: Fixture.node, disk: disk, time: time, configuration: .init(reserveBytes: 0))
    }

    private func replace(
        in store: ObjectStore, by other: SealedObject? = nil, epoch: UInt64 = 1, at now: Timestamp? = nil
    ) async throws {
        try await store.replace(
            old.name, by: (other ?? new).bytes, of: Fixture.project, order: Fixture.order(epoch),
            at: now ?? store.time.now)
    }

    @Test func theOtherListIsHereBeforeTheOldOneGoes() async throws {
        let store = try await store()
        try await store.put(old)
        #expect(try await store.survey([.listNames], of: Fixture.project).bytes.starts(with: old.name.bytes))
        try await replace(in: store)
        await expect(.notFound) { _ = try await store.size(.references, old.name) }
        let named = [2, 3].map { Fixture.object($0).name }.sorted()
        #expect(try await store.survey([.references], of: Fixture.project).bytes == named.flatMap(\.bytes))
        disk.volume.powerCut(seed: 3)
        let again = try await self.store()
        #expect(try await again.examine(.references, new.name))
        #expect(await again.measure(Fixture.project) == (1, Int64(new.bytes.count)))
        // Once more there is nothing to do.
        try await replace(in: again)
    }

    /// A power cut at every step: one of the lists is always here, and what was said to be done is.
    @Test func oneOfTheListsSurvivesEveryCrash() async throws {
        let whole = MemoryDisk()
        let counted = try await Fixture.store(on: whole)
        try await counted.put(old)
        let before = whole.volume.steps
        try await replace(in: counted)
        let steps = whole.volume.steps - before
        #expect(steps > 5)
        for step in 0...steps {
            let disk = MemoryDisk()
            var isDone = false
            do {
                let store = try await Fixture.store(on: disk)
                try await store.put(old)
                disk.volume.crash(at: step)
                try await replace(in: store)
                isDone = true
            } catch {}
            disk.volume.powerCut(seed: UInt64(step))
            let store = try await Fixture.store(on: disk)
            let names = try await store.survey([.listNames], of: Fixture.project).bytes
            let left = stride(from: 0, to: names.count, by: 76).map { ObjectName(bytes: Array(names[$0..<$0 + 32])) }
            #expect(isDone ? left == [new.name] : !left.isEmpty, "step \(step)")
            try await replace(in: store)
            #expect(try await store.examine(.references, new.name), "step \(step)")
            await expect(.notFound) { _ = try await store.size(.references, old.name) }
        }
    }

    @Test func onlyForAListOfTheSameManifest() async throws {
        let store = try await store()
        try await store.put(old)
        let keys = ProjectKeys(generatedFrom: SeededEntropy(seed: 7))
        let list = try ReferenceList(decoding: old.bytes)
        for change in 0..<4 {
            let other = ReferenceList(
                project: change == 0 ? Fixture.otherProject : list.project,
                backup: change == 1 ? Fixture.otherBackup : list.backup,
                service: change == 2 ? ServiceReference(.database) : list.service,
                manifest: change == 3 ? Fixture.object(9).name : list.manifest, shards: [])
            await expect(.checkFailed) { try await replace(in: store, by: try other.sealed(keys)) }
        }
        await expect(.checkFailed) { try await replace(in: store, by: old) }
        await expect(.corrupt) {
            try await replace(in: store, by: SealedObject(kind: .references, name: new.name, bytes: [1, 2, 3]))
        }
        #expect(try await store.examine(.references, old.name))
    }

    @Test func whatIsHeldStays() async throws {
        let store = try await store()
        try await store.put(old)
        _ = try await store.hold([old.name])
        await expect(.checkFailed) { try await replace(in: store) }
        #expect(try await store.examine(.references, old.name))
        try await store.release(
            [old.name], from: Fixture.backup, of: Fixture.project, by: Fixture.order(1))
        try await replace(in: store)
        await expect(.notFound) { _ = try await store.size(.references, old.name) }
    }

    /// Between the look at the holds and the end of the list: who were answered then would count on what is not there.
    @Test func aHoldThatComesMeanwhileIsRefused() async throws {
        let meanwhile = Meanwhile()
        let volume = disk.volume
        let slow = MemoryDisk(
            volume: volume,
            before: { step in
                if step == DiskStep(.open, HoldFile.path(Fixture.otherBackup)) { await meanwhile.begin() }
            })
        let store = try await ObjectStore(
            node: Fixture.node, disk: slow, time: FixedTime(), configuration: .init(reserveBytes: 0))
        try await store.put(old)
        _ = try await store.hold(
            Fixture.otherBackup, project: Fixture.project, objects: [],
            until: FixedTime().now.advanced(by: .seconds(100)), layout: 1)
        let old = old.name
        await meanwhile.set { ended in
            let hold = Task {
                let outcome = try await store.hold([old])
                ended.raise()
                return outcome
            }
            // Either it waits for its turn, or nothing keeps it from being answered.
            while !ended.isUp, store.recordWrites.waiters(for: HoldFile.path(Fixture.backup)) == 0 {
                await Task.yield()
            }
            return hold
        }
        try await replace(in: store)
        let outcome = try #require(try await meanwhile.hold?.value)
        #expect(outcome.refused == [old])
    }

    private actor Meanwhile {
        typealias Hold = Task<ObjectStore.HoldOutcome, any Error>
        private var work: (@Sendable (Flag) async -> Hold)?
        private(set) var hold: Hold?

        func set(_ work: @escaping @Sendable (Flag) async -> Hold) { self.work = work }

        func begin() async {
            guard let work else { return }
            self.work = nil
            hold = await work(Flag())
        }
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isUp: Bool { state.withLock { $0 } }
        func raise() { state.withLock { $0 = true } }
    }

    @Test func notByAWrongClockNorADeposedOrderNorForARemovedBackup() async throws {
        let time = ManualTime(now: FixedTime().now)
        let store = try await store(time: time)
        try await store.put(old)
        await expect(.checkFailed) { try await replace(in: store, at: time.now.advanced(by: .seconds(301))) }
        try await store.obey(Epoch(5))
        await expect(.deposed) { try await replace(in: store, epoch: 4) }
        await expect(.deposed) {
            try await store.release([], from: Fixture.backup, of: Fixture.project, by: Fixture.order(4))
        }
        let tombstone = try Fixture.backupObjects(shards: []).tombstone
        try await store.bury([tombstone.bytes], of: Fixture.project, by: Fixture.order(5))
        await expect(.checkFailed) { try await replace(in: store, epoch: 5) }
        #expect(try await store.examine(.references, old.name))
        #expect(try await store.survey([.listNames], of: Fixture.project).counts == [0])
    }

    // MARK: holds

    @Test func aReleasedShardCanBeCondemned() async throws {
        let store = try await store()
        for number in 1...2 { try await store.put(Fixture.object(number)) }
        _ = try await store.hold([1, 2].map { Fixture.object($0).name })
        // In another project's name nothing is released.
        try await store.release(
            [Fixture.object(1).name], from: Fixture.backup, of: Fixture.otherProject, by: Fixture.order(1))
        #expect(try await store.condemn([1, 2]).condemned == 0)
        try await store.release(
            [Fixture.object(1).name], from: Fixture.backup, of: Fixture.project, by: Fixture.order(1))
        #expect(try await store.condemn([1, 2]).condemned == 1)
        disk.volume.powerCut(seed: 5)
        let again = try await self.store()
        #expect(try await again.isHeld(Fixture.object(2).name))
        #expect(try await !again.isHeld(Fixture.object(1).name))
    }

    @Test func nothingIsReleasedOfAHoldThatCannotBeRead() async throws {
        _ = try await store().hold([Fixture.object(1).name])
        disk.volume.powerCut(seed: 1)
        try disk.volume.spoil("holds/\(Fixture.backup)")
        let store = try await store()
        await expect(.corrupt) {
            try await store.release(
                [Fixture.object(1).name], from: Fixture.backup, of: Fixture.project, by: Fixture.order(1))
        }
        await expect(.corrupt) { _ = try await store.condemn([1]) }
    }

    /// Holds that are over don't gather.
    @Test func aHoldThatIsOverIsForgotten() async throws {
        let time = ManualTime(now: FixedTime().now)
        let store = try await store(time: time)
        try await store.put(Fixture.object(1))
        _ = try await store.hold(
            Fixture.backup, project: Fixture.project, objects: [Fixture.object(1).name],
            until: time.now.advanced(by: .seconds(100)), layout: 1)
        _ = try await store.delete([], at: time.now)
        time.advance(by: .seconds(300))
        _ = try await store.delete([], at: time.now)
        // By as much as clocks may differ it is kept longer.
        #expect(try await disk.list("holds").count == 1)
        time.advance(by: .seconds(101))
        _ = try await store.delete([], at: time.now)
        #expect(try await disk.list("holds").isEmpty)
    }
}

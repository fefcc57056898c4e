import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// A power cut at every step of a collection: what is needed stays, what was said to be done is done.
@Suite struct CollectionCrashTests {
    private struct Done {
        var isCondemned = false
        var isBuried = false
        var isSpared = false
        var isDeleted = false
    }

    private static let live = 0
    private static let doomed = [1, 2]
    private static let spared = 3

    private func prepare(_ store: ObjectStore) async throws {
        for number in 0..<4 { try await store.put(Fixture.object(number)) }
        for object in try Fixture.backupObjects(shards: [Fixture.object(1).name]).objects {
            try await store.put(object)
        }
        _ = try await store.hold(
            Fixture.otherBackup, project: Fixture.project, objects: [Fixture.object(Self.live).name],
            until: Timestamp(milliseconds: 1_900_000_000_000), layout: 1)
    }

    private func collect(_ store: ObjectStore, _ done: inout Done) async throws {
        let tombstone = try Fixture.backupObjects(shards: []).tombstone
        try await store.bury([tombstone.bytes], of: Fixture.project, by: Fixture.order(1))
        done.isBuried = true
        _ = try await store.condemn(Array(0..<4))
        done.isCondemned = true
        try await store.spare([Self.spared])
        done.isSpared = true
        _ = try await store.delete(Array(0..<4))
        done.isDeleted = true
    }

    @Test func whatIsNeededSurvivesAndWhatIsDoneStaysDone() async throws {
        let whole = MemoryDisk()
        let store = try await Fixture.store(on: whole)
        try await prepare(store)
        let before = whole.volume.steps
        var done = Done()
        try await collect(store, &done)
        let steps = whole.volume.steps - before
        #expect(steps > 30)
        for step in 0...steps {
            for seed in 0..<UInt64(2) { try await crash(at: step, seed) }
        }
    }

    private func crash(at step: Int, _ seed: UInt64) async throws {
        let disk = MemoryDisk()
        var done = Done()
        do {
            let store = try await Fixture.store(on: disk)
            try await prepare(store)
            disk.volume.crash(at: step)
            try await collect(store, &done)
        } catch {}
        disk.volume.powerCut(seed: seed)
        let store = try await Fixture.store(on: disk)
        let hint: Comment = "step \(step), seed \(seed)"
        try await look(store, done, hint)
        // The orders are given again, and come to the same.
        var rest = Done()
        try await collect(store, &rest)
        try await look(store, rest, hint)
        #expect(await store.reports().isEmpty, hint)
        // The accounts are those of the disk.
        let (statistics, measure) = (try await store.statistics(), await store.measure(Fixture.project))
        disk.volume.powerCut(seed: seed + 1)
        let again = try await Fixture.store(on: disk)
        #expect(try await again.statistics() == statistics, hint)
        #expect(await again.measure(Fixture.project) == measure, hint)
    }

    private func look(_ store: ObjectStore, _ done: Done, _ hint: Comment) async throws {
        for number in [Self.live, Self.spared] {
            #expect(try await store.examine(.shard, Fixture.object(number).name), hint)
        }
        #expect(try await store.isHeld(Fixture.object(Self.live).name), hint)
        let condemned = await store.condemned(of: Fixture.project)
        #expect(!condemned.contains(Fixture.object(Self.live).name), hint)
        if done.isSpared { #expect(!condemned.contains(Fixture.object(Self.spared).name), hint) }
        if done.isBuried { #expect(await store.isBuried(Fixture.backup), hint) }
        for number in Self.doomed {
            let name = Fixture.object(number).name
            let isHere = (try? await store.size(.shard, name)) != nil
            if done.isDeleted { #expect(!isHere, hint) }
            // As long as it is here it can't be held any more.
            if done.isCondemned, isHere { #expect(condemned.contains(name), hint) }
        }
        if done.isDeleted { #expect(try await store.survey([.manifests], of: Fixture.project).counts == [0], hint) }
    }
}

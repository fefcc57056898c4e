import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// A crash at every step that the disk is asked for; what was acknowledged is there afterwards.
@Suite struct ObjectStoreCrashTests {
    private struct Acknowledged {
        var objects: [Int] = []
        var held: [Int] = []
        var epoch = Epoch(0)
    }

    private func work(on store: ObjectStore, _ done: inout Acknowledged) async throws {
        for number in 0..<3 {
            try await store.put(Fixture.object(number))
            done.objects.append(number)
        }
        _ = try await store.hold([Fixture.object(0).name, Fixture.object(1).name])
        done.held = [0, 1]
        try await store.obey(Epoch(5))
        done.epoch = Epoch(5)
        try await store.put(Fixture.object(3))
        done.objects.append(3)
        _ = try await store.hold([Fixture.object(3).name])
        done.held = [0, 1, 3]
        try await store.obey(Epoch(6))
        done.epoch = Epoch(6)
    }

    @Test func whatWasAcknowledgedSurvives() async throws {
        let whole = MemoryDisk()
        var all = Acknowledged()
        let store = try await Fixture.store(on: whole)
        let before = whole.volume.steps
        try await work(on: store, &all)
        let steps = whole.volume.steps - before
        #expect(steps > 40)
        for step in 0...steps {
            for seed in 0..<UInt64(2) { try await crash(at: step, seed: seed) }
        }
    }

    private func crash(at step: Int, seed: UInt64) async throws {
        let disk = MemoryDisk()
        var done = Acknowledged()
        do {
            let store = try await Fixture.store(on: disk)
            disk.volume.crash(at: step)
            try await work(on: store, &done)
        } catch {}
        disk.volume.powerCut(seed: seed)
        let store = try await Fixture.store(on: disk)
        let hint: Comment = "step \(step), seed \(seed)"
        for number in done.objects {
            #expect(try await store.examine(.shard, Fixture.object(number).name), hint)
        }
        #expect(
            try await store.held(among: Set(done.held.map { Fixture.object($0).name })).count == done.held.count, hint)
        #expect(await store.highestEpoch() >= done.epoch, hint)
        #expect(try await disk.list("incoming").isEmpty, hint)
        // Whatever is under a final name is whole.
        for number in 0..<4 where (try? await store.size(.shard, Fixture.object(number).name)) != nil {
            #expect(try await store.examine(.shard, Fixture.object(number).name), hint)
        }
        var rest = Acknowledged()
        if done.epoch <= Epoch(5), await store.highestEpoch() <= Epoch(5) { try await work(on: store, &rest) }
    }

    @Test func onlyWhatIsHereIsHeld() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        try await store.put(Fixture.object(1))
        let outcome = try await store.hold([Fixture.object(1).name, Fixture.object(2).name])
        #expect(outcome.objects == 1)
        #expect(outcome.bytes == 3008)
        #expect(outcome.refused == [Fixture.object(2).name])
        #expect(try await store.isHeld(Fixture.object(1).name))
        #expect(try await store.isHeld(Fixture.object(2).name) == false)
        try await store.release(Fixture.backup)
        #expect(try await store.isHeld(Fixture.object(1).name) == false)
    }

    @Test func aDamagedHoldStopsEveryAnswer() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        try await store.put(Fixture.object(1))
        _ = try await store.hold([Fixture.object(1).name])
        disk.volume.powerCut(seed: 1)
        try disk.volume.spoil("holds/\(Fixture.backup)")
        let again = try await Fixture.store(on: disk)
        await expect(.corrupt) { _ = try await again.isHeld(Fixture.object(2).name) }
        #expect(await again.reports().count == 1)
        _ = try await again.hold([Fixture.object(1).name])
        #expect(try await again.isHeld(Fixture.object(1).name))
        #expect(try await disk.list("quarantine").count == 1)
    }

    @Test func everyFlippedByteOfAHoldIsSeen() throws {
        let names = [Fixture.object(1).name, Fixture.object(2).name].sorted()
        let file = HoldFile(
            header: .init(
                backup: Fixture.backup, project: Fixture.project, until: Timestamp(milliseconds: 5), count: 2),
            names: names)
        #expect(try HoldFile(file.bytes, of: Fixture.backup).names == names)
        for index in file.bytes.indices {
            var bytes = file.bytes
            bytes[index] ^= 0x10
            #expect(throws: HoldfastError.self) { try HoldFile(bytes, of: Fixture.backup) }
            #expect(throws: HoldfastError.self) { try HoldFile(Array(file.bytes[..<index]), of: Fixture.backup) }
        }
    }

    @Test func epochs() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        try await store.obey(Epoch(5))
        try await store.obey(Epoch(5))
        await expect(.deposed) { try await store.obey(Epoch(4)) }
        await expect(.malformed) { try await store.obey(Epoch(2_000_000)) }
        await expect(.malformed) { try await store.obey(Epoch(.max)) }
        disk.volume.powerCut(seed: 3)
        let again = try await Fixture.store(on: disk)
        #expect(await again.highestEpoch() == Epoch(5))
        await expect(.deposed) { try await again.obey(Epoch(4)) }
    }
}

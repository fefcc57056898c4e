import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastNode

/// A store on a real file system that is full or read-only: what was acknowledged stays, what can't be kept is refused and
/// leaves nothing, and the same store goes on once there is room.
@Suite(.enabled(if: SmallDisk.isAvailable), .timeLimit(.minutes(5)))
struct FullDiskTests {
    private func open(_ disk: SmallDisk, reserve: Int64 = 0) async throws -> ObjectStore {
        try await Fixture.store(on: PosixDisk(root: disk.path + "/node"), reserve: reserve)
    }

    private func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch { return HoldfastError(error).code }
    }

    private func incoming(_ disk: SmallDisk) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: disk.path + "/node/incoming")
    }

    /// Objects until the store refuses one. - Returns: the numbers of those it took.
    private func putUntilRefused(_ store: ObjectStore, _ disk: SmallDisk) async throws -> [Int] {
        var taken: [Int] = []
        for number in 0..<1000 {
            let refusal = await code { try await store.put(Fixture.object(number, byteCount: 200_000)) }
            if refusal == nil {
                taken.append(number)
                continue
            }
            #expect(refusal == .noSpace)
            return taken
        }
        throw HoldfastError(.internal, "the disk was never full")
    }

    @Test(arguments: [0, 4 << 20] as [Int64])
    func whatWasAcknowledgedStaysAndWorkGoesOn(reserve: Int64) async throws {
        let disk = try SmallDisk()
        var store: ObjectStore? = try await open(disk, reserve: reserve)
        let taken = try await putUntilRefused(try #require(store), disk)
        #expect(taken.count > 20)
        #expect(try incoming(disk).isEmpty)
        // Another process finds all of it, on a disk that is still full.
        store = nil
        let again = try await open(disk, reserve: reserve)
        for number in taken {
            #expect(try await again.examine(.shard, Fixture.object(number, byteCount: 200_000).name))
        }
        #expect(try await again.statistics().objects == Int64(taken.count))
        for number in taken.prefix(10) {
            try FileManager.default.removeItem(
                atPath: disk.path + "/node/"
                    + ObjectStore.path(.shard, Fixture.object(number, byteCount: 200_000).name))
        }
        try await again.put(Fixture.object(2000, byteCount: 200_000))
        #expect(try await again.statistics().takesWrites)
    }

    /// Every small file that a node must not lose, on a disk with no byte left.
    @Test func whatANodeMustNotForgetSurvives() async throws {
        let disk = try SmallDisk()
        var store: ObjectStore? = try await open(disk)
        let object = Fixture.object(1)
        try await store?.put(object)
        _ = try await store?.hold([object.name])
        try await store?.obey(Epoch(3))
        try await store?.learn(layout: 2)
        let posix = try PosixDisk(root: disk.path + "/node")
        let notes = WorkNotes(disk: posix)
        let job = MediaFixture().job(1)
        var note = WorkNote(job: job)
        note.set(ServiceReference(.media), .media(nil))
        try await notes.write(note)

        try disk.fill()
        for attempt in 1...5 {
            let full = try #require(store)
            #expect(await code { try await full.put(Fixture.object(2), layout: 2) } == .noSpace)
            #expect(await code { _ = try await full.hold([object.name], layout: 2) } == .noSpace)
            #expect(await code { try await full.obey(Epoch(UInt64(3 + attempt))) } == .noSpace)
            #expect(await code { try await full.learn(layout: 3) } == .noSpace)
            #expect(await full.highestEpoch() == Epoch(3), "no epoch is obeyed that is not durable")
            var later = note
            later.swapWarnings = Warnings()
            #expect(await code { try await notes.write(later) } == .noSpace)
        }
        store = nil
        let again = try await open(disk)
        #expect(await again.highestEpoch() == Epoch(3))
        #expect(try await again.isHeld(object.name))
        #expect(try await again.examine(.shard, object.name))
        #expect(try await notes.read(job).entries.count == 1)

        try disk.makeRoom()
        try await again.put(Fixture.object(2), layout: 3)
        _ = try await again.hold([Fixture.object(2).name], layout: 3)
        try await again.obey(Epoch(9))
        try await notes.write(note)
        #expect(await again.highestEpoch() == Epoch(9))
    }

    /// A disk that was mounted for reading only is no broken disk: the same store goes on when it can be written to.
    @Test func readOnlyIsWaitedFor() async throws {
        let disk = try SmallDisk()
        let store = try await open(disk)
        let object = Fixture.object(1)
        try await store.put(object)
        _ = try await store.hold([object.name])
        try disk.mount(readOnly: true)
        for number in 2...8 {
            #expect(await code { try await store.put(Fixture.object(number)) } == .unavailable)
            #expect(await code { _ = try await store.hold([object.name]) } == .unavailable)
            #expect(await code { try await store.obey(Epoch(UInt64(number))) } == .unavailable)
        }
        #expect(try await store.statistics().takesWrites == false)
        #expect(try await store.examine(.shard, object.name))
        try disk.mount(readOnly: false)
        #expect(try await store.statistics().takesWrites)
        try await store.put(Fixture.object(2))
        _ = try await store.hold([object.name, Fixture.object(2).name])
        try await store.obey(Epoch(5))
    }
}

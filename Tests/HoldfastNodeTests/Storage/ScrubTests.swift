import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Synchronization
import Testing

@testable import HoldfastNode

/// Everything is read back from the disk, and what is not as it should be is found.
@Suite struct ScrubTests {
    private struct Scene {
        let disk: MemoryDisk
        let store: ObjectStore
        let time = LeapingTime(longest: .seconds(100))
        let objects = (0..<12).map { Fixture.object($0) }

        init(disk: MemoryDisk = MemoryDisk()) async throws {
            self.disk = disk
            store = try await ObjectStore(
                node: Fixture.node, disk: disk, time: time, configuration: .init(reserveBytes: 0))
            for object in objects { try await store.put(object) }
        }

        func path(_ number: Int) -> String { ObjectStore.path(.shard, objects[number].name) }

        /// One pass, as `run` makes them, to the rest after it.
        func scrub(
            _ other: ObjectStore? = nil, period: Duration = .seconds(1000)
        ) async throws -> (state: ScrubState, reports: [String]) {
            let scrubber = Scrubber(store: other ?? store, time: time, period: period)
            let reports = Mutex<[String]>([])
            // The rest after an earlier pass is over.
            time.advance(by: period + .seconds(1))
            let task = Task { await scrubber.run { text in reports.withLock { $0.append(text) } } }
            while !time.isResting { await Task.yield() }
            task.cancel()
            await task.value
            return (try #require(await scrubber.state), reports.withLock { $0 })
        }
    }

    @Test func aGoodStoreIsReadThrough() async throws {
        let scene = try await Scene()
        let (state, reports) = try await scene.scrub()
        #expect(state.lastDamaged == 0 && state.everDamaged == 0 && reports.isEmpty)
        let statistics = try await scene.store.statistics()
        #expect(state.totalBytes == statistics.storedBytes)
    }

    @Test func rottenTruncatedMissingSwappedAndSurplusAreFound() async throws {
        let scene = try await Scene()
        var random = SeededRandom(seed: 3)
        try scene.disk.volume.flipBit(of: scene.path(0), using: &random)
        // Cut.
        try await scene.disk.remove(scene.path(1))
        try await write(Array(scene.objects[1].bytes.dropLast(7)), at: scene.path(1), scene.disk)
        try await scene.disk.remove(scene.path(2))
        // Exchanged for each other.
        for (one, other) in [(3, 4), (4, 3)] {
            try await scene.disk.remove(scene.path(one))
            try await write(scene.objects[other].bytes, at: scene.path(one), scene.disk)
        }
        // A good one that nobody put here, and what is none.
        let stranger = Fixture.object(99)
        let folder = ObjectStore.path(.shard, stranger.name)
        try await scene.disk.makeDirectory(DiskPath.parent(of: folder))
        try await write(stranger.bytes, at: folder, scene.disk)
        try await write([1, 2, 3], at: DiskPath.parent(of: folder) + "/notes.txt", scene.disk)

        let (state, reports) = try await scene.scrub()
        #expect(state.lastDamaged == 6 && state.everDamaged == 6)
        #expect(reports.contains { $0.contains("\(stranger.name)") })
        let left = Set(try await scene.store.names(of: .shard))
        let good = Set(scene.objects.dropFirst(5).map(\.name)).union([stranger.name])
        #expect(left == good)
        let survey = try await scene.store.survey([.shards], of: Fixture.project)
        #expect(survey.counts == [good.count])
        // Nothing is deleted: what can't be what its name says is set aside.
        #expect(try await scene.disk.list("quarantine").count == 5)
        let bytes = good.count * scene.objects[5].bytes.count
        #expect(try await scene.store.statistics().storedBytes == Int64(bytes))

        // What was found is put right, and the next pass finds nothing.
        for number in 0..<5 { try await scene.store.put(scene.objects[number]) }
        let again = try await scene.scrub()
        #expect(again.state.lastDamaged == 0 && again.state.everDamaged == 6)
    }

    /// A fresh node's first pass is over at once, while its first backups want the disk.
    @Test func emptyFoldersAreNotNoted() async throws {
        let notes = Mutex(0)
        let disk = MemoryDisk(before: { step in
            if step == DiskStep(.create, ScrubRecord.path + ".new") { notes.withLock { $0 += 1 } }
        })
        let scene = try await Scene(disk: disk)
        _ = try await scene.scrub()
        let folders = Set(scene.objects.map { $0.name.description.prefix(2) })
        // One at the beginning and one at the end.
        #expect(notes.withLock(\.self) == folders.count + 2)
    }

    @Test func aPassGoesOnWhereTheProcessEnded() async throws {
        let scene = try await Scene()
        var record = ScrubRecord(state: ScrubState(startedAt: scene.time.now))
        record.folder = 256
        record.state.everDamaged = 4
        try await StateFile.write(record, at: ScrubRecord.path, on: scene.disk)
        var random = SeededRandom(seed: 3)
        try scene.disk.volume.flipBit(of: scene.path(0), using: &random)
        // The shards are behind it.
        let first = try await scene.scrub()
        #expect(first.state.lastDamaged == 0 && first.state.everDamaged == 4 && first.state.objects == 0)
        let second = try await scene.scrub()
        #expect(second.state.lastDamaged == 1 && second.state.everDamaged == 5)
    }

    /// A pass takes the time that it may, and no more than one.
    @Test func itIsInNobodysWayUnlessItIsHurried() async throws {
        let scene = try await Scene()
        let period = Duration.seconds(10_000)
        // At a megabyte in a second at least this store is read in no time.
        let state = try await scene.scrub(period: period).state
        let finishedAt = try #require(state.finishedAt)
        #expect(state.startedAt.duration(to: finishedAt) < .seconds(1))
        let scrubber = Scrubber(store: scene.store, time: scene.time, period: period)
        try await scrubber.hurry()
        let hurried = try #require(await scrubber.state)
        #expect(hurried.startedAt == scene.time.now && hurried.objects == 0)
    }

    /// A disk that is away for a moment costs nothing of what is on it; a bad sector costs what it holds.
    @Test(arguments: [2, Int.max]) func onlyWhatStaysUnreadableIsSetAside(failures: Int) async throws {
        let scene = try await Scene()
        let path = scene.path(0)
        let failed = Mutex(0)
        let disk = MemoryDisk(
            volume: scene.disk.volume,
            before: { step in
                guard step.call == .read, step.path == path else { return }
                let fails = failed.withLock { count in
                    count += 1
                    return count <= failures
                }
                if fails { throw HoldfastError(.inputOutput, "a bad sector") }
            })
        scene.disk.volume.powerCut(seed: 1)
        let store = try await ObjectStore(
            node: Fixture.node, disk: disk, time: scene.time, configuration: .init(reserveBytes: 0))
        // Who only asks is told, and it stays.
        #expect(try await store.examine([ObjectReference(.shard, scene.objects[0].name)]).count == 1)
        #expect(try await store.examine([ObjectReference(.shard, scene.objects[1].name)]).isEmpty)
        #expect(try await scene.disk.size(of: path) != nil)

        let state = try await scene.scrub(store).state
        #expect(state.lastDamaged == (failures == 2 ? 0 : 1))
        #expect((try await scene.disk.size(of: path) != nil) == (failures == 2))
    }

    private func write(_ bytes: [UInt8], at path: String, _ disk: MemoryDisk) async throws {
        let file = try await disk.create(path)
        try await file.append(bytes)
        try await file.sync()
        await file.close()
    }
}

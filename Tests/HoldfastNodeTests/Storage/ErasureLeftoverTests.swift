import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Synchronization
import Testing

@testable import HoldfastNode

/// What lies beside the objects that are counted goes with an erased project, and what may be another's stays.
@Suite struct ErasureLeftoverTests {
    private static let hold = HoldFile.path(Fixture.backup)

    private func write(_ bytes: [UInt8], at path: String, _ disk: MemoryDisk) async throws {
        try await disk.makeDirectory(DiskPath.parent(of: path))
        try await disk.replace(path, with: bytes)
    }

    enum Damage: CaseIterable {
        /// Nothing is left but the backup that it is called after.
        case cutShort
        /// Under a name that no backup has, as some tools leave them.
        case misnamed
        /// The header names no project, and no manifest of the backup is here.
        case header
    }

    @Test(arguments: Damage.allCases) func aDamagedHoldStopsNoCollection(damage: Damage) async throws {
        let disk = MemoryDisk()
        let store = try await Erasure.filled(disk)
        var bytes = try #require(try await disk.contents(of: Self.hold, limit: .max))
        switch damage {
        case .cutShort: bytes = Array(bytes.prefix(10))
        case .misnamed: break
        case .header:
            for index in 0..<HoldFile.headerByteCount { bytes[index] = 0xff }
            for kind in [ObjectKind.manifest, .references] {
                for name in await store.names(of: kind, in: Fixture.project) {
                    try await disk.remove(ObjectStore.path(kind, name))
                }
            }
        }
        try await disk.remove(Self.hold)
        try await write(bytes, at: damage == .misnamed ? "holds/lost+found-17" : Self.hold, disk)
        disk.volume.powerCut(seed: 1)

        let next = try await Fixture.store(on: disk)
        await #expect(throws: HoldfastError.self) { try await next.held(among: []) }
        _ = try await next.erase()
        #expect(try await next.held(among: []) == [])
        #expect(Erasure.left(on: disk.volume) == [])
        // Looked at by a person.
        #expect(try await disk.list(Quarantine.directory).count == 1)
    }

    /// It may hold anything, so that nothing is deleted until its backup is held anew.
    @Test func aDamagedHoldOfAnotherProjectStays() async throws {
        let disk = MemoryDisk()
        let store = try await Erasure.filled(disk)
        _ = try await store.hold(
            Fixture.otherBackup, project: Fixture.otherProject, objects: [], until: FixedTime().now, layout: 1)
        let path = HoldFile.path(Fixture.otherBackup)
        var bytes = try #require(try await disk.contents(of: path, limit: .max))
        bytes[bytes.count - 1] ^= 1
        try await write(bytes, at: path, disk)
        disk.volume.powerCut(seed: 1)
        let next = try await Fixture.store(on: disk)
        _ = try await next.erase()
        #expect(Erasure.left(on: disk.volume) == [path])
        await #expect(throws: HoldfastError.self) { try await next.held(among: []) }
    }

    @Test func theScrubDeletesWhatCameBehindTheNodesBack() async throws {
        let disk = MemoryDisk()
        let store = try await Erasure.filled(disk)
        _ = try await store.erase()
        let object = Fixture.object(7)
        try await write(object.bytes, at: ObjectStore.path(.shard, object.name), disk)
        let time = LeapingTime()
        let scrubber = Scrubber(store: store, time: time)
        let reports = Mutex<[String]>([])
        let task = Task { await scrubber.run { text in reports.withLock { $0.append(text) } } }
        while await scrubber.state?.finishedAt == nil { await Task.yield() }
        task.cancel()
        await task.value
        #expect(Erasure.left(on: disk.volume) == [])
        #expect(try await store.statistics().objects == 0)
        #expect(reports.withLock(\.self).contains { $0.contains("\(object.name)") && $0.contains("erased") })
    }

    /// Its head, which is not what the rest was made for, refuses what comes and deletes nothing.
    @Test func aDamagedRecordDeletesNothing() async throws {
        let disk = MemoryDisk()
        _ = try await Erasure.filled(disk)
        var bytes = try Erasure.marker()
        bytes[bytes.count - 1] ^= 1
        try await write(bytes, at: ObjectStore.path(Fixture.project), disk)
        disk.volume.powerCut(seed: 1)
        let store = try await Fixture.store(on: disk)
        #expect(try await store.statistics().objects == 4)
        await #expect(throws: HoldfastError.self) { try await store.put(Fixture.object(3)) }
        await #expect(throws: HoldfastError.self) {
            try await store.store(Erasure.record(9), of: Fixture.project, by: Fixture.order(1))
        }
        try await store.removeRecord(of: Fixture.project, by: Fixture.order(1))
        #expect(try await disk.size(of: ObjectStore.path(Fixture.project)) != nil)
        #expect(try await store.erase().objects == 4)
    }

    /// Only an order to erase says so: what it leaves must not stand there while the data does, too.
    @Test func noRecordErases() async throws {
        let store = try await Erasure.filled(MemoryDisk())
        await #expect(throws: HoldfastError.self) {
            try await store.store(Erasure.marker(), of: Fixture.project, by: Fixture.order(1))
        }
        #expect(try await store.projectRecord(Fixture.project) == Erasure.record(5))
        try await store.put(Fixture.object(3))
    }

    /// What it says of chunks, their names and lengths, is not sealed.
    @Test(arguments: [false, true]) func theIndexGoes(afterACrash: Bool) async throws {
        let shop = try ModelShop()
        try shop.set("old")
        var resources = try await shop.resources()
        var worker = Worker(resources)
        _ = try await shop.capture(worker)
        _ = try ChunkIndex(Fixture.project.text, in: resources.indexFiles, project: Fixture.project)
        let others = "index/\(Fixture.otherProject)"
        let disk = MemoryDisk(volume: shop.volume)
        for path in ["index/\(Fixture.project).run0", "index/\(Fixture.project).unfinished", others] {
            try await write([1], at: path, disk)
        }
        _ = try await resources.store.erase()
        if afterACrash {
            shop.powerCut(seed: 1)
            resources = try await shop.resources()
            worker = Worker(resources)
            try await worker.finishErasures()
        } else {
            try await worker.erase(Fixture.project)
        }
        #expect(Erasure.left(on: shop.volume) == [others])
        #expect(throws: HoldfastError.self) {
            try ChunkIndex(Fixture.project.text, in: resources.indexFiles, project: Fixture.project)
        }
        // Nor does a backup make it again.
        await #expect(throws: HoldfastError.self) { try await shop.capture(worker) }
        #expect(Erasure.left(on: shop.volume) == [others])
    }
}

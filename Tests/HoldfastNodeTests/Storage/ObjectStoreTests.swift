import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

@Suite struct ObjectStoreTests {
    @Test func storesAndGivesBackRanges() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        let object = Fixture.object(1, byteCount: 700_000)
        var pieces = stride(from: 0, to: object.bytes.count, by: 1000).map {
            Array(object.bytes[$0..<min($0 + 1000, object.bytes.count)])
        }[...]
        try await store.put(
            .shard, object.name, project: Fixture.project, layout: 1, byteCount: Int64(object.bytes.count)
        ) { pieces.popFirst() }
        #expect(try await store.bytes(.shard, object.name, offset: 0, length: nil) == object.bytes)
        let middle = try await store.bytes(.shard, object.name, offset: 299_000, length: 300_000)
        #expect(middle == Array(object.bytes[299_000..<599_000]))
        #expect(try await store.size(.shard, object.name) == Int64(object.bytes.count))
        for (offset, length) in [(-1, 5), (0, 700_009), (700_009, 0), (5, -1), (1, Int64.max)] as [(Int64, Int64)] {
            await expect(.invalidArgument) {
                _ = try await store.bytes(.shard, object.name, offset: offset, length: length)
            }
        }
        await expect(.notFound) { _ = try await store.size(.manifest, object.name) }
    }

    @Test func refusesWhatIsNotOfItsName() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        let (first, second) = (Fixture.object(1), Fixture.object(2))
        await expect(.corrupt) { try await store.put((first.name, second.bytes)) }
        await expect(.malformed) { try await store.put((first.name, [1, 2, 3, 4, 5])) }
        await expect(.malformed) { try await store.put((first.name, [])) }
        for announced in [first.bytes.count - 1, first.bytes.count + 1] {
            await expect(.malformed) {
                var left: [UInt8]? = first.bytes
                try await store.put(
                    .shard, first.name, project: Fixture.project, layout: 1, byteCount: Int64(announced)
                ) {
                    defer { left = nil }
                    return left
                }
            }
        }
        #expect(try await disk.list("incoming").isEmpty)
        #expect(try await store.statistics().objects == 0)
    }

    /// Whoever sends more than announced would fill the disk before the hash was wrong.
    @Test(arguments: [1000, 0, -1, 1_073_741_825] as [Int64])
    func nobodyFillsTheDiskWithWhatIsNoObject(_ byteCount: Int64) async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        var pieces = 0
        await expect(.malformed) {
            try await store.put(
                .shard, Fixture.object(1).name, project: Fixture.project, layout: 1, byteCount: byteCount
            ) {
                pieces += 1
                return pieces <= 100 ? Array(Fixture.object(1).bytes.prefix(600)) : nil
            }
        }
        #expect(pieces == (byteCount == 1000 ? 2 : 0))
        #expect(try await disk.list("incoming").isEmpty)
    }

    @Test func whatIsHeldForABackupOnlyGrows() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        let (first, second) = (Fixture.object(1), Fixture.object(2))
        for object in [first, second] { try await store.put(object) }
        let late = Timestamp(milliseconds: 1_900_000_000_000)
        for (object, until) in [(first, late), (second, late.advanced(by: .seconds(-3600)))] {
            _ = try await store.hold(
                Fixture.backup, project: Fixture.project, objects: [object.name], until: until, layout: 1)
        }
        #expect(try await store.held(among: [first.name, second.name]) == [first.name, second.name])
        #expect(await store.holds[Fixture.backup]?.until == late)
    }

    @Test func aBackupIsHeldForOneProject() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        let object = Fixture.object(1)
        try await store.put(object)
        _ = try await store.hold([object.name])
        await expect(.conflict) {
            _ = try await store.hold(
                Fixture.backup, project: Fixture.otherProject, objects: [object.name],
                until: Timestamp(milliseconds: 1_900_000_000_000), layout: 1)
        }
        #expect(try await store.held(among: [object.name], of: Fixture.project) == [object.name])
    }

    @Test func countsAnObjectOnceHoweverOftenItComes() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        let objects = (0..<8).map { Fixture.object($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for object in objects + objects + objects { group.addTask { try await store.put(object) } }
            try await group.waitForAll()
        }
        let statistics = try await store.statistics()
        #expect(statistics.objects == 8)
        #expect(statistics.storedBytes == Int64(objects.map(\.bytes.count).reduce(0, +)))
        #expect(try await disk.list("incoming").isEmpty)
    }

    @Test func keepsItsReserveFree() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk, reserve: 1 << 20)
        disk.volume.setFree(1 << 20 + 100)
        await expect(.noSpace) { try await store.put(Fixture.object(1)) }
        disk.volume.setFree(2 << 20)
        try await store.put(Fixture.object(1))
    }

    @Test func aFullDiskLeavesNothingBehind() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk, reserve: -1 << 40)
        disk.volume.setFree(100)
        await expect(.noSpace) { try await store.put(Fixture.object(1)) }
        #expect(try await disk.list("incoming").isEmpty)
        disk.volume.setFree(1 << 20)
        try await store.put(Fixture.object(1))
    }

    @Test func neverSyncsTwiceAfterAFailure() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        try await store.put(Fixture.object(7))
        disk.volume.startTrace()
        disk.volume.fail(next: "sync incoming", with: .inputOutput)
        await expect(.inputOutput) { try await store.put(Fixture.object(2)) }
        #expect(disk.volume.trace().filter { $0.hasPrefix("sync incoming") }.count == 1)
        #expect(try await disk.list("incoming").isEmpty)
        await expect(.notFound) { _ = try await store.size(.shard, Fixture.object(2).name) }
        try await store.put(Fixture.object(2))
        disk.volume.powerCut(seed: 1)
        let again = try await Fixture.store(on: disk)
        #expect(
            try await again.bytes(.shard, Fixture.object(2).name, offset: 0, length: nil) == Fixture.object(2).bytes)
    }

    @Test func aFailedDirectorySyncEndsWriting() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        try await store.put(Fixture.object(1))
        disk.volume.fail(next: "sync directory objects/shard/", with: .inputOutput)
        await expect(.inputOutput) { try await store.put(Fixture.object(2)) }
        await expect(.inputOutput) { try await store.put(Fixture.object(3)) }
        #expect(try await store.statistics().takesWrites == false)
        #expect(try await store.bytes(.shard, Fixture.object(1).name, offset: 0, length: 8) == Fixture.shardMagic)
    }

    @Test func repeatedErrorsEndWriting() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        for number in 0..<3 {
            #expect(try await store.statistics().takesWrites)
            disk.volume.fail(next: "append incoming", with: .inputOutput)
            await expect(.inputOutput) { try await store.put(Fixture.object(number)) }
        }
        #expect(try await store.statistics().takesWrites == false)
    }

    @Test func setsAsideWhatIsNotWhatItsNameSays() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        let object = Fixture.object(1)
        try await store.put(object)
        #expect(try await store.examine(.shard, object.name))
        try disk.volume.spoil(ObjectStore.path(.shard, object.name))
        #expect(try await store.examine(.shard, object.name) == false)
        await expect(.notFound) { _ = try await store.size(.shard, object.name) }
        #expect(try await store.statistics().objects == 0)
        #expect(try await disk.list("quarantine").count == 1)
        #expect(await store.reports().count == 1)
        try await store.put(object)
        #expect(try await store.examine(.shard, object.name))
    }

    @Test func aDirectoryHasOneOwner() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        await expect(.busy) { _ = try await Fixture.store(on: disk) }
        withExtendedLifetime(store) {}
        disk.volume.powerCut(seed: 1)
        await expect(.conflict) { _ = try await Fixture.store(on: disk, node: Fixture.other) }
    }

    @Test func refusesOldLayouts() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        try await store.learn(layout: 7)
        try await store.put(Fixture.object(1), layout: 7)
        await expect(.staleLayout) { try await store.put(Fixture.object(2), layout: 6) }
        await expect(.staleLayout) { _ = try await store.hold([], layout: 6) }
        await expect(.malformed) { try await store.put(Fixture.object(2), layout: 9_000_000) }
        await expect(.malformed) { try await store.learn(layout: 9_000_000) }
        try await store.put(Fixture.object(2), layout: 8)
        try await store.learn(layout: 6)
        disk.volume.powerCut(seed: 1)
        let again = try await Fixture.store(on: disk)
        await expect(.staleLayout) { try await again.put(Fixture.object(3), layout: 6) }
    }

    @Test func anotherNodesWordRaisesNoLayout() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        try await store.learn(layout: 7)
        try await store.put(Fixture.object(1), layout: 900_000)
        _ = try await store.hold([Fixture.object(1).name], layout: 900_000)
        // The real one is still taken.
        try await store.put(Fixture.object(2), layout: 7)
        _ = try await store.hold([Fixture.object(2).name], layout: 7)
        try await store.learn(layout: 8)
        await expect(.staleLayout) { try await store.put(Fixture.object(3), layout: 7) }
    }

    @Test(.timeLimit(.minutes(5))) func aHoldWhoseLayoutBecameStaleWhileItWaitedIsRefused() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        try await store.learn(layout: 7)
        let path = HoldFile.path(Fixture.backup)
        await withTaskGroup(of: Void.self) { group in
            await expect(.internal) {
                try await store.recordWrites.withTurn(path) {
                    group.addTask {
                        await expect(.staleLayout) { _ = try await store.hold([], layout: 7) }
                    }
                    while store.recordWrites.waiters(for: path) == 0 { await Task.yield() }
                    try await store.learn(layout: 8)
                    throw HoldfastError(.internal, "the turn ends")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func whoIsCancelledBeforeItLandsLeavesNoFile() async throws {
        let disk = MemoryDisk()
        let store = try await Fixture.store(on: disk)
        let object = Fixture.object(1)
        let path = ObjectStore.path(.shard, object.name)
        try await store.landings.withTurn(path) {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await #expect(throws: (any Error).self) { try await store.put(object) } }
                while store.landings.waiters(for: path) == 0 { await Task.yield() }
                group.cancelAll()
            }
            let left = try await disk.list("incoming")
            #expect(left.isEmpty)
        }
        try await store.put(object)
    }
}

func expect(
    _ code: ErrorCode, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("no error; \(code) was expected", sourceLocation: sourceLocation)
    } catch {
        #expect(HoldfastError(error).code == code, "\(error)", sourceLocation: sourceLocation)
    }
}

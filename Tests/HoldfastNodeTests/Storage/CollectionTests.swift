import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// What a node does when it is told to condemn and to delete, and what it refuses.
@Suite struct CollectionTests {
    private let disk = MemoryDisk()

    private func store(time: any TimeSource = FixedTime()) async throws -> ObjectStore {
        try await ObjectStore(node: Fixture.node, disk: disk, time: time, configuration: .init(reserveBytes: 0))
    }

    @Test func aCondemnedShardServesReadsAndRefusesHolds() async throws {
        let store = try await store()
        for number in 1...3 { try await store.put(Fixture.object(number)) }
        let (condemned, held) = try await store.condemn([1, 2])
        #expect(condemned == 2 && held.isEmpty)
        let outcome = try await store.hold([1, 2, 3].map { Fixture.object($0).name })
        #expect(outcome.objects == 1)
        #expect(Set(outcome.refused) == Set([1, 2].map { Fixture.object($0).name }))
        #expect(try await store.examine(.shard, Fixture.object(1).name))
        // It stays so after a power cut.
        disk.volume.powerCut(seed: 1)
        let again = try await self.store()
        #expect(await again.condemned(of: Fixture.project) == Set([1, 2].map { Fixture.object($0).name }))
        #expect(try await again.hold([Fixture.object(1).name]).refused.count == 1)
        try await again.spare([1])
        #expect(try await again.hold([Fixture.object(1).name]).refused.isEmpty)
        disk.volume.powerCut(seed: 2)
        #expect(await (try self.store()).condemned(of: Fixture.project) == [Fixture.object(2).name])
    }

    @Test func whatIsHeldIsNotCondemned() async throws {
        let store = try await store()
        for number in 1...2 { try await store.put(Fixture.object(number)) }
        _ = try await store.hold([Fixture.object(1).name])
        let (condemned, held) = try await store.condemn([1, 2, 3])
        #expect(condemned == 1 && held == [Fixture.object(1).name])
        #expect(try await store.delete([1, 2, 3]).objects == 1)
        #expect(try await store.examine(.shard, Fixture.object(1).name))
        await expect(.notFound) { _ = try await store.examine(.shard, Fixture.object(2).name) }
    }

    @Test func norIsWhatIsBeingHeld() async throws {
        let store = try await store()
        try await store.put(Fixture.object(1))
        let (ticket, refused) = await store.beginHolding([Fixture.object(1).name])
        #expect(refused.isEmpty)
        let (condemned, held) = try await store.condemn([1])
        #expect(condemned == 0 && held == [Fixture.object(1).name])
        await store.endHolding(ticket)
        #expect(try await store.condemn([1]).condemned == 1)
    }

    @Test func onlyWhatIsCondemnedIsDeleted() async throws {
        let store = try await store()
        for number in 1...2 { try await store.put(Fixture.object(number)) }
        #expect(try await store.delete([1, 2]).objects == 0)
        _ = try await store.condemn([1])
        // Another project's order finds nothing of its own.
        let other = try await store.delete(
            [Fixture.object(1).name], of: Fixture.otherProject, by: Fixture.order(1), at: store.time.now)
        #expect(other.objects == 0)
        let deletion = try await store.delete([1, 2])
        #expect(deletion.objects == 1 && deletion.bytes == 3008)
        #expect(await store.condemned(of: Fixture.project).isEmpty)
        #expect(try await store.delete([1, 2]).objects == 0)
        #expect(await store.measure(Fixture.project) == (1, 3008))
        #expect(try await store.statistics().storedBytes == 3008)
        #expect(try await disk.list(CondemnedFile.directory).isEmpty)
    }

    @Test func deposedCoordinatorsAreRefused() async throws {
        let store = try await store()
        try await store.put(Fixture.object(1))
        _ = try await store.condemn([1], epoch: 5)
        await expect(.deposed) { _ = try await store.condemn([1], epoch: 4) }
        await expect(.deposed) { try await store.spare([1], epoch: 4) }
        await expect(.deposed) { _ = try await store.delete([1], epoch: 4) }
        await expect(.deposed) { try await store.bury([], of: Fixture.project, by: Fixture.order(4)) }
        #expect(try await store.examine(.shard, Fixture.object(1).name))
    }

    /// A hold is over by the clock, so nothing is deleted by a clock that may be wrong.
    @Test func aWrongClockDeletesNothing() async throws {
        let time = ManualTime(now: FixedTime().now)
        let store = try await store(time: time)
        try await store.put(Fixture.object(1))
        _ = try await store.condemn([1])
        await expect(.checkFailed) { _ = try await store.delete([1], at: time.now.advanced(by: .seconds(301))) }
        await expect(.checkFailed) { _ = try await store.delete([1], at: time.now.advanced(by: .seconds(-301))) }
        time.jump(by: .seconds(301))
        await expect(.checkFailed) { _ = try await store.delete([1], at: time.now) }
        #expect(try await store.examine(.shard, Fixture.object(1).name))
        time.jump(by: .seconds(-301))
        time.advance(by: .seconds(1_000_000))
        #expect(try await store.delete([1], at: time.now).objects == 1)
    }

    @Test func aHoldThatIsOverProtectsNoMore() async throws {
        let time = ManualTime(now: FixedTime().now)
        let store = try await store(time: time)
        try await store.put(Fixture.object(1))
        _ = try await store.hold(
            Fixture.backup, project: Fixture.project, objects: [Fixture.object(1).name],
            until: time.now.advanced(by: .seconds(100)), layout: 1)
        #expect(try await store.condemn([1]).condemned == 0)
        time.advance(by: .seconds(101))
        #expect(try await store.condemn([1]).condemned == 1)
    }

    @Test func aDamagedHoldStopsCollection() async throws {
        var store = try await store()
        for number in 1...2 { try await store.put(Fixture.object(number)) }
        _ = try await store.condemn([2])
        _ = try await store.hold([Fixture.object(1).name])
        disk.volume.powerCut(seed: 1)
        try disk.volume.spoil("holds/\(Fixture.backup)")
        store = try await self.store()
        await expect(.corrupt) { _ = try await store.condemn([1]) }
        await expect(.corrupt) { _ = try await store.delete([2]) }
        #expect(try await store.examine(.shard, Fixture.object(2).name))
        #expect(await store.condemned(of: Fixture.project) == [Fixture.object(2).name])
    }

    /// Nothing is condemned then, so nothing can be deleted until it is condemned again.
    @Test func aDamagedListOfTheCondemnedIsSetAside() async throws {
        let store = try await store()
        try await store.put(Fixture.object(1))
        _ = try await store.condemn([1])
        disk.volume.powerCut(seed: 1)
        try disk.volume.spoil(CondemnedFile.path(Fixture.project))
        let again = try await self.store()
        #expect(await again.reports().count == 1)
        #expect(try await again.delete([1]).objects == 0)
        #expect(try await again.condemn([1]).condemned == 1)
        #expect(try await again.delete([1]).objects == 1)
    }

    @Test func everyFlippedByteOfTheListIsSeen() throws {
        let file = CondemnedFile(
            project: Fixture.project, names: [Fixture.object(1).name, Fixture.object(2).name])
        #expect(try CondemnedFile(file.bytes, of: Fixture.project).names == file.names)
        for index in file.bytes.indices {
            var bytes = file.bytes
            bytes[index] ^= 0x10
            #expect(throws: HoldfastError.self) { try CondemnedFile(bytes, of: Fixture.project) }
            #expect(throws: HoldfastError.self) { try CondemnedFile(Array(file.bytes[..<index]), of: Fixture.project) }
        }
    }

    // MARK: removed backups

    @Test func aBuriedBackupHoldsNothingAndItsManifestsGo() async throws {
        let store = try await store()
        let set = try Fixture.backupObjects(shards: [Fixture.object(1).name])
        try await store.put(Fixture.object(1))
        for object in set.objects { try await store.put(object) }
        _ = try await store.hold([Fixture.object(1).name] + set.objects.map(\.name))
        #expect(try await store.survey([.references], of: Fixture.project).bytes == Fixture.object(1).name.bytes)
        #expect(try await store.survey([.lists], of: Fixture.project).counts == [1])
        #expect(try await store.survey([.manifests], of: Fixture.project).counts == [1])
        #expect(try await store.delete([]).objects == 0)

        try await store.bury([set.tombstone.bytes], of: Fixture.project, by: Fixture.order(1))
        try await store.bury([set.tombstone.bytes], of: Fixture.project, by: Fixture.order(1))
        #expect(try await store.survey([.tombstones], of: Fixture.project).bytes == set.tombstone.bytes)
        #expect(try await store.survey([.references], of: Fixture.project).counts == [0])
        await expect(.checkFailed) { _ = try await store.hold([Fixture.object(1).name]) }
        #expect(try await store.condemn([1]).condemned == 1)
        #expect(try await store.delete([1]).objects == 3)
        #expect(await store.measure(Fixture.project) == (1, Int64(Tombstone.byteCount)))

        // It is remembered.
        disk.volume.powerCut(seed: 4)
        let again = try await self.store()
        await expect(.checkFailed) { _ = try await again.hold([]) }
        #expect(await again.measure(Fixture.project) == (1, Int64(Tombstone.byteCount)))
    }

    /// As after a power cut between a tombstone and the end of the hold: what has a tombstone is not buried again.
    @Test func aHoldThatOutlivedItsTombstoneIsGivenUp() async throws {
        var store = try await store()
        let set = try Fixture.backupObjects(shards: [])
        for object in set.objects { try await store.put(object) }
        _ = try await store.hold(set.objects.map(\.name))
        try await store.put(set.tombstone)
        disk.volume.powerCut(seed: 4)
        store = try await self.store()
        #expect(try await store.isHeld(set.objects[0].name))
        #expect(try await store.delete([]).objects == 2)
        #expect(try await disk.list(HoldFile.directory).isEmpty)
    }

    /// A hold ends by the clock; that alone takes no manifest.
    @Test func withoutATombstoneManifestsStay() async throws {
        let store = try await store()
        let set = try Fixture.backupObjects(shards: [Fixture.object(1).name])
        for object in set.objects { try await store.put(object) }
        #expect(try await store.delete([]).objects == 0)
        #expect(try await store.survey([.manifests], of: Fixture.project).counts == [1])
        #expect(try await store.survey([.lists], of: Fixture.project).counts == [1])
    }

    @Test func aDamagedListNamesNothing() async throws {
        let store = try await store()
        let set = try Fixture.backupObjects(shards: [Fixture.object(1).name])
        for object in set.objects { try await store.put(object) }
        disk.volume.powerCut(seed: 1)
        let list = try #require(set.objects.first { $0.kind == .references })
        try disk.volume.spoil(ObjectStore.path(.references, list.name))
        #expect(try await store.survey([.lists], of: Fixture.project).counts == [0])
        #expect(try await store.survey([.references], of: Fixture.project).counts == [0])
    }

    @Test func ofAnotherProjectNothingIsSeen() async throws {
        let store = try await store()
        try await store.put(Fixture.object(1))
        for subject in SurveyObjects.Subject.allCases {
            #expect(try await store.survey([subject], of: Fixture.otherProject).counts == [0])
        }
        #expect(try await store.condemn([1], of: Fixture.otherProject).condemned == 0)
        let set = try Fixture.backupObjects(shards: [])
        await expect(.corrupt) {
            try await store.bury([set.tombstone.bytes], of: Fixture.otherProject, by: Fixture.order(1))
        }
    }

    // MARK: at the same time

    @Test(arguments: 0..<40)
    func eitherHeldOrCondemned(_ round: Int) async throws {
        let store = try await store()
        let objects = (0..<6).map { Fixture.object($0) }
        for object in objects { try await store.put(object) }
        let all = objects.map(\.name)
        async let hold = store.hold(all)
        async let condemned = store.condemn(Array(0..<6))
        let (outcome, condemnation) = try await (hold, condemned)
        #expect(outcome.objects + condemnation.condemned == 6)
        #expect(outcome.objects == condemnation.held.count)
        let deletion = try await store.delete(Array(0..<6))
        #expect(deletion.objects == condemnation.condemned)
        for name in all where !outcome.refused.contains(name) { #expect(try await store.examine(.shard, name)) }
    }
}

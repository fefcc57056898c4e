import Crypto
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire

@testable import HoldfastNode

/// Values that the tests of this module share.
enum Fixture {
    static let project = identifier("000000000001") as ProjectID
    static let backup = identifier("000000000002") as BackupID
    static let node = identifier("000000000003") as NodeID
    static let other = identifier("000000000004") as NodeID

    static let otherProject = identifier("000000000005") as ProjectID
    static let otherBackup = identifier("000000000006") as BackupID
    static let job = identifier("000000000007") as JobID

    private static func identifier<Of>(_ text: String) -> ID<Of> {
        guard let id = ID<Of>(text) else { preconditionFailure("\(text) is no identifier") }
        return id
    }

    static let shardMagic = [0x89] + Array("HFSHD".utf8) + [0x0d, 0x0a]

    static func object(_ number: Int, byteCount: Int = 3000) -> (name: ObjectName, bytes: [UInt8]) {
        var random = SeededRandom(seed: UInt64(number))
        let header = shardMagic + [0, 1] + Array(project.text.utf8)
        let content = (header.count..<max(byteCount, 1) + shardMagic.count).map { _ in
            UInt8(truncatingIfNeeded: random.next())
        }
        let bytes = header + content
        return (ObjectName(bytes: Array(SHA256.hash(data: bytes))), bytes)
    }

    static func store(on disk: any Disk, node: NodeID = node, reserve: Int64 = 0) async throws -> ObjectStore {
        try await ObjectStore(
            node: node, disk: disk, time: FixedTime(),
            configuration: .init(reserveBytes: reserve))
    }
}

extension Fixture {
    static func order(_ epoch: UInt64) -> Order { Order(epoch: Epoch(epoch), job: job) }

    /// Made once: the tables that follow from them take a while.
    private static let keys = ProjectKeys(generatedFrom: SeededEntropy(seed: 7))

    /// A manifest, its reference list, and what says that the backup was removed.
    static func backupObjects(
        shards: [ObjectName]
    ) throws -> (objects: [SealedObject], tombstone: SealedObject) {
        let keys = keys
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        var writer = try MediaManifestWriter(
            project: project, backup: backup, service: ServiceReference(.media), createdAt: now, keys: keys,
            entropy: SeededEntropy(seed: 8))
        let manifest = try writer.finish(
            ManifestSummary(
                startedAt: now, endedAt: now, counts: .media(MediaCounts()), warnings: Warnings(), sizes: PartSizes()))
        let list = try ReferenceList(
            project: project, backup: backup, service: ServiceReference(.media), manifest: manifest.name,
            shards: shards
        ).sealed(keys)
        return ([list, manifest], Tombstone(project: project, backup: backup, removedAt: now).sealed(keys))
    }
}

struct FixedTime: TimeSource {
    var now = Timestamp(milliseconds: 1_800_000_000_000)
    var uptime: Duration { .zero }
    func sleep(for duration: Duration) {}
}

extension ObjectStore {
    func put(_ object: (name: ObjectName, bytes: [UInt8]), layout: UInt64 = 1) async throws {
        try await put(.shard, object.name, project: Fixture.project, layout: layout, bytes: object.bytes)
    }

    func hold(_ objects: [ObjectName], layout: UInt64 = 1) async throws -> HoldOutcome {
        try await hold(
            Fixture.backup, project: Fixture.project, objects: objects,
            until: Timestamp(milliseconds: 1_900_000_000_000), layout: layout)
    }

    func put(_ object: SealedObject) async throws {
        try await put(object.kind, object.name, project: Fixture.project, layout: 1, bytes: object.bytes)
    }

    // MARK: collection of the fixture's objects, by number

    func condemn(
        _ numbers: [Int], of project: ProjectID = Fixture.project, epoch: UInt64 = 1
    ) async throws -> (condemned: Int, held: [ObjectName]) {
        try await condemn(Set(numbers.map { Fixture.object($0).name }), of: project, by: Fixture.order(epoch))
    }

    func spare(_ numbers: [Int], epoch: UInt64 = 1) async throws {
        try await spare(
            Set(numbers.map { Fixture.object($0).name }), of: Fixture.project, by: Fixture.order(epoch))
    }

    func delete(_ numbers: [Int], epoch: UInt64 = 1, at now: Timestamp? = nil) async throws -> Deletion {
        try await delete(
            Set(numbers.map { Fixture.object($0).name }), of: Fixture.project, by: Fixture.order(epoch),
            at: now ?? time.now)
    }
}

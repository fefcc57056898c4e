import Crypto
import HoldfastModel

@testable import HoldfastNode

/// Values that the tests of this module share.
enum Fixture {
    static let project = identifier("000000000001") as ProjectID
    static let backup = identifier("000000000002") as BackupID
    static let node = identifier("000000000003") as NodeID
    static let other = identifier("000000000004") as NodeID

    private static func identifier<Of>(_ text: String) -> ID<Of> {
        guard let id = ID<Of>(text) else { preconditionFailure("\(text) is no identifier") }
        return id
    }

    static let shardMagic = [0x89] + Array("HFSHD".utf8) + [0x0d, 0x0a]

    static func object(_ number: Int, byteCount: Int = 3000) -> (name: ObjectName, bytes: [UInt8]) {
        var random = SeededRandom(seed: UInt64(number))
        let bytes = shardMagic + (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return (ObjectName(bytes: Array(SHA256.hash(data: bytes))), bytes)
    }

    static func store(on disk: any Disk, node: NodeID = node, reserve: Int64 = 0) async throws -> ObjectStore {
        try await ObjectStore(
            node: node, disk: disk, time: FixedTime(),
            configuration: .init(reserveBytes: reserve))
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
}

import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import Synchronization

@testable import HoldfastNode

/// A store with something of everything that a project has, and what says that the project was erased.
enum Erasure {
    static let key = ClusterKey(generatedFrom: SeededEntropy(seed: 5))

    static func marker(_ project: ProjectID = Fixture.project) throws -> [UInt8] {
        try SealedProjectRecord(erasing: project, key: key, entropy: SeededEntropy(seed: 6)).bytes
    }

    static func record(_ version: UInt64) throws -> [UInt8] {
        let project = Project(
            id: Fixture.project, name: try Name("shop"), createdAt: Timestamp(milliseconds: 1),
            policy: PlacementPolicy(name: try Name("p"), copies: 1, regions: 1),
            wrappedKey: SealedSecret(sealed: "AQ=="))
        let record = ProjectRecord(project: project, environments: [], schedules: [])
        return try SealedProjectRecord(record, version: version, key: key, entropy: SeededEntropy(seed: version)).bytes
    }

    /// Two shards, one of them condemned, a manifest with its list, and a hold.
    static func filled(_ disk: MemoryDisk, lockedUntil: Timestamp? = nil) async throws -> ObjectStore {
        let store = try await Fixture.store(on: disk)
        _ = try await store.store(record(5), of: Fixture.project, by: Fixture.order(1))
        let shard = Fixture.object(1)
        try await store.put(shard)
        try await store.put(Fixture.object(2))
        let (objects, _) = try Fixture.backupObjects(shards: [shard.name])
        for object in objects { try await store.put(object) }
        _ = try await store.hold(
            Fixture.backup, project: Fixture.project, objects: [shard.name] + objects.map(\.name),
            until: FixedTime().now.advanced(by: .seconds(1000)), lockedUntil: lockedUntil, layout: 1)
        _ = try await store.condemn([Fixture.object(2).name], of: Fixture.project, by: Fixture.order(1))
        return store
    }

    /// The files of projects' data.
    static func left(on volume: MemoryVolume) -> [String] {
        let directories = ["objects/", "incoming/", "holds/", "condemned/", "index/"]
        return volume.files.filter { file in directories.contains { file.hasPrefix($0) } }
    }
}

extension ObjectStore {
    func erase(_ project: ProjectID = Fixture.project) async throws -> Deletion {
        try await erase(project, leaving: Erasure.marker(project), by: Fixture.order(1))
    }
}

/// Has something happen at a step of a disk.
final class Meddler: Sendable {
    private let state = Mutex<(steps: Int, body: (@Sendable () async -> Void)?)>((0, nil))

    /// - Parameter steps: how many pass before it.
    func meet(after steps: Int, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0 = (steps, body) }
    }

    /// Whether there was such a step.
    var hasMet: Bool { state.withLock { $0.body == nil } }

    func pass() async {
        let body = state.withLock { state in
            state.steps -= 1
            return state.steps < 0 ? state.body.take() : nil
        }
        await body?()
    }
}

import HoldfastModel
import Synchronization

struct SegmentPlace: Hashable, Sendable {
    var shard: ObjectName
    var segment: UInt32
}

/// Opens segments, and keeps the few last opened.
final class SegmentStore<Source: ObjectSource>: Sendable {
    private struct Caches {
        var segments: LeastRecent<SegmentPlace, [UInt8]>
        var shards = LeastRecent<ObjectName, OpenShard>(limit: 256)
    }

    private let source: Source
    private let keys: ProjectKeys
    private let project: ProjectID
    private let caches: Mutex<Caches>

    init(source: Source, keys: ProjectKeys, project: ProjectID, cacheBytes: Int) {
        self.source = source
        self.keys = keys
        self.project = project
        self.caches = Mutex(Caches(segments: LeastRecent(limit: cacheBytes)))
    }

    func segment(_ place: SegmentPlace) async throws -> [UInt8] {
        if let plain = caches.withLock({ $0.segments.value(place) }) { return plain }
        let shard = try await shard(place.shard)
        let plain = try await shard.segment(place.segment, source: source)
        caches.withLock { $0.segments.insert(place, plain, cost: plain.count) }
        return plain
    }

    /// With all chunks' names, and not kept so.
    func index(of shard: ObjectName) async throws -> ShardIndex {
        try await open(shard).index
    }

    private func shard(_ name: ObjectName) async throws -> OpenShard {
        if let shard = caches.withLock({ $0.shards.value(name) }) { return shard }
        return try await open(name).withoutChunks
    }

    private func open(_ name: ObjectName) async throws -> OpenShard {
        let shard = try await OpenShard.open(name, source: source, keys: keys, project: project)
        caches.withLock { $0.shards.insert(name, shard.withoutChunks, cost: 1) }
        return shard
    }
}

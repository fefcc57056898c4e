import HoldfastModel
import Synchronization

struct SegmentPlace: Hashable, Sendable {
    var shard: ObjectName
    var segment: UInt32
}

/// Opens segments, each once however many ask for it at one time, and keeps the few last opened.
final class SegmentStore<Source: ObjectSource>: Sendable {
    private struct Caches {
        var segments: LeastRecent<SegmentPlace, [UInt8]>
        var shards = LeastRecent<ObjectName, OpenShard>(limit: 256)
        /// Segments being opened, and who else waits for them.
        var opening: [SegmentPlace: [CheckedContinuation<Void, Never>]] = [:]
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
        while true {
            let (known, isOpening) = caches.withLock { caches in
                if let plain = caches.segments.value(place) { return ([UInt8]?.some(plain), false) }
                if caches.opening[place] != nil { return (nil, true) }
                caches.opening[place] = []
                return (nil, false)
            }
            if let known { return known }
            guard isOpening else { break }
            // What another task failed at is tried here, too: it may only have been cancelled.
            await opened(place)
        }
        defer {
            for waiter in caches.withLock({ $0.opening.removeValue(forKey: place) }) ?? [] { waiter.resume() }
        }
        let shard = try await shard(place.shard)
        let plain = try await shard.segment(place.segment, source: source)
        caches.withLock { $0.segments.insert(place, plain, cost: plain.count) }
        return plain
    }

    private func opened(_ place: SegmentPlace) async {
        await withCheckedContinuation { continuation in
            let isOver = caches.withLock { caches in
                caches.opening[place]?.append(continuation)
                return caches.opening[place] == nil
            }
            if isOver { continuation.resume() }
        }
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

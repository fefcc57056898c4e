import HoldfastModel

/// Finds chunks that the index lacks in the sealed indexes of the shards a part refers to, opening one after the other
/// until the chunk appears.
///
/// Names are kept in memory, about 80 bytes a chunk; where the whole index is missing, build it first.
actor ShardSearch<Source: ObjectSource> {
    private struct Place {
        var shard: Int
        var segment: UInt32
        var offset: UInt32
        var length: UInt32

        init(_ location: ChunkLocation, shard: Int) {
            self.shard = shard
            (segment, offset, length) = (location.segment, location.offset, location.length)
        }
    }

    private let segments: SegmentStore<Source>
    private var shards: [ObjectName]
    private let further: @Sendable () async throws -> [ObjectName]
    private var hasLookedFurther = false
    private var opened = 0
    private var places: [ChunkName: Place] = [:]
    private var failure: HoldfastError?

    init(
        _ segments: SegmentStore<Source>, shards: [ObjectName],
        further: @escaping @Sendable () async throws -> [ObjectName] = { [] }
    ) {
        self.segments = segments
        self.shards = shards
        self.further = further
    }

    /// - Parameter bad: where the chunk is said to be, and was not found to be.
    /// - Throws: `notFound` where no shard has the chunk, or why one of them couldn't be searched.
    func location(of name: ChunkName, except bad: Set<ChunkLocation> = []) async throws -> ChunkLocation {
        if let place = places[name], bad.contains(location(place)) { await look(for: name, besides: bad) }
        while true {
            if let place = places[name], !bad.contains(location(place)) { return location(place) }
            if opened == shards.count, !hasLookedFurther {
                let more = try await further()
                // Another search may have looked meanwhile.
                hasLookedFurther = true
                shards += Set(more).subtracting(shards).sorted()
                continue
            }
            guard opened < shards.count else {
                throw failure
                    ?? HoldfastError(
                        .notFound, "A chunk is in none of the \(shards.count) shards that the backup refers to.")
            }
            let number = opened
            do {
                let index = try await segments.index(of: shards[number])
                for entry in index.entries(of: shards[number])
                where !bad.contains(entry.location) || places[entry.name] == nil {
                    places[entry.name] = Place(entry.location, shard: number)
                }
            } catch let error as HoldfastError where [.corrupt, .notFound].contains(error.code) {
                failure = error
            }
            // Only now: a shard that can't be reached for a while is asked again, and no other search ends before this
            // one knows what the shard has.
            opened = max(opened, number + 1)
        }
    }

    private func location(_ place: Place) -> ChunkLocation {
        ChunkLocation(shard: shards[place.shard], segment: place.segment, offset: place.offset, length: place.length)
    }

    /// One place of each chunk is kept. Shards that were opened before may have another.
    private func look(for name: ChunkName, besides bad: Set<ChunkLocation>) async {
        for number in 0..<opened {
            guard let index = try? await segments.index(of: shards[number]),
                let entry = index.entries(of: shards[number]).first(where: {
                    $0.name == name && !bad.contains($0.location)
                })
            else { continue }
            places[name] = Place(entry.location, shard: number)
            return
        }
    }
}

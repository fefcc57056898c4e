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

    /// - Parameter outside: a shard where the chunk is not good.
    /// - Throws: `notFound` where no shard has the chunk, or why one of them couldn't be searched.
    func location(of name: ChunkName, outside: ObjectName? = nil) async throws -> ChunkLocation {
        while true {
            if let place = places[name], shards[place.shard] != outside {
                return ChunkLocation(
                    shard: shards[place.shard], segment: place.segment, offset: place.offset, length: place.length)
            }
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
                where entry.name != name || shards[number] != outside {
                    places[entry.name] = Place(
                        shard: number, segment: entry.location.segment, offset: entry.location.offset,
                        length: entry.location.length)
                }
            } catch let error as HoldfastError where [.corrupt, .notFound].contains(error.code) {
                failure = error
            }
            // Only now: a shard that can't be reached for a while is asked again, and no other search ends before this
            // one knows what the shard has.
            opened = max(opened, number + 1)
        }
    }
}

package import HoldfastModel

/// Where a chunk lies.
package struct ChunkLocation: Hashable, Sendable {
    package var shard: ObjectName
    package var segment: UInt32
    /// In the segment's plain content, in bytes.
    package var offset: UInt32
    package var length: UInt32

    package init(shard: ObjectName, segment: UInt32, offset: UInt32, length: UInt32) {
        self.shard = shard
        self.segment = segment
        self.offset = offset
        self.length = length
    }
}

/// A chunk and where it lies.
package struct IndexEntry: Hashable, Sendable {
    package var name: ChunkName
    package var location: ChunkLocation

    package init(name: ChunkName, location: ChunkLocation) {
        self.name = name
        self.location = location
    }
}

/// Answers where a chunk lies. An answer may be out of date: holds decide whether the shard counts.
package protocol ChunkLookup: Sendable {
    func location(of name: ChunkName) -> ChunkLocation?
}

/// Knows nothing: every chunk is stored.
package struct EmptyLookup: ChunkLookup {
    package init() {}

    package func location(of name: ChunkName) -> ChunkLocation? { nil }
}

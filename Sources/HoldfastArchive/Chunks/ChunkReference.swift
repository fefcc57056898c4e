/// The name of a chunk: a keyed hash of its plain content.
package struct ChunkName: Hashable, Comparable, Sendable {
    package static let byteCount = 32

    /// The hash as four big-endian words, so that comparing names compares their bytes.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    package static func == (left: Self, right: Self) -> Bool { left.words == right.words }
    package static func < (left: Self, right: Self) -> Bool { left.words < right.words }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// A chunk as manifests refer to it; where it lies is found in an index or in the shards' own.
package struct ChunkReference: Hashable, Sendable {
    package var name: ChunkName
    /// Of the plain content.
    package var length: UInt32

    package init(name: ChunkName, length: UInt32) {
        self.name = name
        self.length = length
    }
}

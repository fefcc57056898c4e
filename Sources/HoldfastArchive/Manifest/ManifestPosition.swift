import HoldfastModel

/// A place in a manifest where a record begins, for whoever comes back to it.
package struct ManifestPosition: Hashable, Sendable {
    /// Where the block that it begins in lies in the manifest.
    var offset: UInt64
    /// The block's number.
    var block: UInt64
    /// Plain bytes of the block before it.
    var skip: UInt32

    init(offset: UInt64, block: UInt64, skip: UInt32) {
        self.offset = offset
        self.block = block
        self.skip = skip
    }
}

extension ByteWriter {
    mutating func place(_ place: ManifestPosition) {
        integer(place.offset)
        integer(place.block)
        integer(place.skip)
    }
}

extension ByteReader {
    mutating func place() throws(HoldfastError) -> ManifestPosition {
        ManifestPosition(offset: try integer(), block: try integer(), skip: try integer())
    }
}

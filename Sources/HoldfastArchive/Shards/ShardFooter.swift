import HoldfastModel

/// The last bytes of a shard.
struct ShardFooter {
    static let byteCount = 24

    let indexOffset: UInt64
    let indexLength: UInt64

    init(indexOffset: UInt64, indexLength: UInt64) {
        self.indexOffset = indexOffset
        self.indexLength = indexLength
    }

    init(_ bytes: [UInt8], size: Int64, subject: String) throws(HoldfastError) {
        var reader = ByteReader(bytes, subject)
        indexOffset = try reader.integer()
        indexLength = try reader.integer()
        guard try reader.raw(Format.magicLength) == Format.end.magic else { throw reader.damaged("its end is missing") }
        try reader.finish()
        let body = UInt64(size) - UInt64(Self.byteCount)
        guard indexOffset >= ShardHeader.byteCount, indexLength >= Limits.tagBytes,
            indexLength <= Limits.shardIndexBytes + Limits.tagBytes, indexOffset <= body,
            body - indexOffset == indexLength
        else { throw reader.damaged("its end doesn't fit its size") }
    }

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.integer(indexOffset)
        writer.integer(indexLength)
        writer.raw(Format.end.magic)
        return writer.bytes
    }
}

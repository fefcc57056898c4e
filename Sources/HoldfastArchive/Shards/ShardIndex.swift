import HoldfastModel

/// The sealed index at a shard's end: its segments in order, and the chunks of each in order. Where things lie follows
/// from the lengths before them.
struct ShardIndex: Sendable, Hashable {
    struct Segment: Sendable, Hashable {
        var sealedLength: UInt32
        var plainLength: UInt32
        var form: UInt8
        var chunks: [ChunkReference]
    }

    var segments: [Segment] = []

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.integer(UInt32(segments.count))
        for segment in segments {
            writer.integer(segment.sealedLength)
            writer.integer(segment.plainLength)
            writer.integer(segment.form)
            writer.integer(UInt32(segment.chunks.count))
        }
        for segment in segments {
            for chunk in segment.chunks {
                writer.name(chunk.name)
                writer.integer(chunk.length)
            }
        }
        return writer.bytes
    }

    init() {}

    /// - Parameter sealedBytes: how many bytes the segments take between header and index.
    init(_ bytes: [UInt8], sealedBytes: Int, subject: String) throws(HoldfastError) {
        var reader = ByteReader(bytes, subject)
        let count = Int(try reader.integer(UInt32.self))
        guard count <= reader.left / 13 else { throw reader.damaged("its index counts more segments than it holds") }
        var chunkCounts: [Int] = []
        var sealed = 0
        for _ in 0..<count {
            let segment = Segment(
                sealedLength: try reader.integer(), plainLength: try reader.integer(), form: try reader.integer(),
                chunks: [])
            chunkCounts.append(Int(try reader.integer(UInt32.self)))
            let tag = Limits.tagBytes
            guard (1...UInt32(Limits.segmentBytes)).contains(segment.plainLength),
                Packed.Form(rawValue: segment.form) != nil,
                (tag + 1...Limits.segmentBytes + tag).contains(Int(segment.sealedLength))
            else { throw reader.damaged("its index describes an impossible segment") }
            sealed += Int(segment.sealedLength)
            segments.append(segment)
        }
        guard sealed == sealedBytes else { throw reader.damaged("its segments don't fill it") }
        for number in segments.indices {
            guard chunkCounts[number] <= reader.left / (ChunkName.byteCount + 4) else {
                throw reader.damaged("its index counts more chunks than it holds")
            }
            var plain = 0
            segments[number].chunks.reserveCapacity(chunkCounts[number])
            for _ in 0..<chunkCounts[number] {
                let chunk = ChunkReference(name: try reader.name(), length: try reader.integer())
                plain += Int(chunk.length)
                guard chunk.length > 0, plain <= Limits.segmentBytes else {
                    throw reader.damaged("its index describes an impossible chunk")
                }
                segments[number].chunks.append(chunk)
            }
            guard plain == Int(segments[number].plainLength) else {
                throw reader.damaged("the chunks of a segment don't fill it")
            }
        }
        try reader.finish()
    }

    func entries(of shard: ObjectName) -> [IndexEntry] {
        var entries: [IndexEntry] = []
        for (number, segment) in segments.enumerated() {
            var offset: UInt32 = 0
            for chunk in segment.chunks {
                entries.append(
                    IndexEntry(
                        name: chunk.name,
                        location: ChunkLocation(
                            shard: shard, segment: UInt32(number), offset: offset, length: chunk.length)))
                offset += chunk.length
            }
        }
        return entries
    }
}

import HoldfastModel

/// A shard under construction: segments go in, a sealed object comes out. Its bytes are hashed as they come.
struct ShardBuilder {
    private let sealer: Sealer
    private var bytes: [UInt8]
    private var index = ShardIndex()
    private var check = ObjectCheck()

    init(project: ProjectID, keys: ProjectKeys, salt: [UInt8], capacity: Int) throws(HoldfastError) {
        let header = ShardHeader(project: project, sealingKey: keys.currentSealingKey, salt: salt)
        sealer = try header.sealer(keys)
        bytes = []
        bytes.reserveCapacity(capacity)
        append(header.bytes)
    }

    var byteCount: Int { bytes.count }

    /// Adds the next segment.
    mutating func add(_ segment: PackedSegment) throws(HoldfastError) {
        let start = bytes.count
        try sealer.seal(segment.packed.bytes, .content, UInt64(index.segments.count), onto: &bytes)
        bytes.withUnsafeBytes { check.update(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        index.segments.append(
            ShardIndex.Segment(
                sealedLength: UInt32(bytes.count - start), plainLength: UInt32(segment.plainLength),
                form: segment.packed.form.rawValue, chunks: segment.chunks))
    }

    /// Seals the index: nothing can be added after.
    mutating func finish() throws(HoldfastError) -> FinishedShard {
        let sealed = try sealer.seal(index.bytes, .ending, 0)
        let footer = ShardFooter(indexOffset: UInt64(bytes.count), indexLength: UInt64(sealed.count))
        append(sealed)
        append(footer.bytes)
        return FinishedShard(object: SealedObject(kind: .shard, name: check.name, bytes: bytes), index: index)
    }

    private mutating func append(_ more: [UInt8]) {
        check.update(more)
        bytes.append(contentsOf: more)
    }
}

/// A shard with what its index says, which the writer's caller merges into the project's index.
struct FinishedShard: Sendable {
    let object: SealedObject
    let index: ShardIndex
}

/// A segment ready for sealing.
struct PackedSegment: Sendable {
    let packed: Packed
    let plainLength: Int
    let chunks: [ChunkReference]
}

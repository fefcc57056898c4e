import HoldfastModel

/// A stored shard whose header and index were read and found good.
struct OpenShard: Sendable {
    let name: ObjectName
    private let sealer: Sealer
    /// With chunks, or without where only places of segments are kept.
    private(set) var index: ShardIndex
    private let offsets: [Int64]

    static func open(
        _ name: ObjectName, source: some ObjectSource, keys: ProjectKeys, project: ProjectID
    ) async throws -> OpenShard {
        try await source.fromGoodCopy(of: .shard, name) { try await openCopy(name, $0, keys, project) }
    }

    /// Reads header, end and index by three ranges.
    private static func openCopy(
        _ name: ObjectName, _ source: some ObjectSource, _ keys: ProjectKeys, _ project: ProjectID
    ) async throws -> OpenShard {
        let subject = "shard \(name)"
        let size = try await source.size(.shard, name)
        guard size >= Int64(ShardHeader.byteCount + ShardFooter.byteCount), size <= Int64(Limits.shardBytes) else {
            throw HoldfastError(.corrupt, "The \(subject) is damaged: no shard has \(size) bytes.")
        }
        let header = try ShardHeader(
            try await source.exactly(.shard, name, offset: 0, length: ShardHeader.byteCount), subject: subject)
        guard header.project == project else {
            throw HoldfastError(.corrupt, "The \(subject) belongs to project \(header.project), not to \(project).")
        }
        let footer = try ShardFooter(
            try await source.exactly(
                .shard, name, offset: size - Int64(ShardFooter.byteCount), length: ShardFooter.byteCount),
            size: size, subject: subject)
        let sealed = try await source.exactly(
            .shard, name, offset: Int64(footer.indexOffset), length: Int(footer.indexLength))
        let sealer = try header.sealer(keys)
        let plain = try sealer.open(sealed, .ending, 0, subject: "index of \(subject)")
        let index = try ShardIndex(
            plain, sealedBytes: Int(footer.indexOffset) - ShardHeader.byteCount, subject: subject)
        return OpenShard(name: name, sealer: sealer, index: index)
    }

    private init(name: ObjectName, sealer: Sealer, index: ShardIndex) {
        self.name = name
        self.sealer = sealer
        self.index = index
        var offset = Int64(ShardHeader.byteCount)
        self.offsets = index.segments.map { segment in
            defer { offset += Int64(segment.sealedLength) }
            return offset
        }
    }

    /// The same without names of chunks, which takes little memory.
    var withoutChunks: OpenShard {
        var shard = self
        for number in shard.index.segments.indices { shard.index.segments[number].chunks = [] }
        return shard
    }

    /// The plain bytes of a segment.
    func segment(_ number: UInt32, source: some ObjectSource) async throws -> [UInt8] {
        guard number < index.segments.count else {
            throw HoldfastError(.corrupt, "The shard \(name) has no segment \(number); its index must be built again.")
        }
        let segment = index.segments[Int(number)]
        let subject = "segment \(number) of shard \(name)"
        let bytes = try await source.fromGoodCopy(of: .shard, name) { source in
            let sealed = try await source.exactly(
                .shard, name, offset: offsets[Int(number)], length: Int(segment.sealedLength))
            return try sealer.open(sealed, .content, UInt64(number), subject: subject)
        }
        guard let form = Packed.Form(rawValue: segment.form) else {
            throw HoldfastError(.unsupported, "The \(subject) is packed in a way unknown to this program.")
        }
        return try Packed(form: form, bytes: bytes).unpacked(plainLength: Int(segment.plainLength), subject: subject)
    }
}

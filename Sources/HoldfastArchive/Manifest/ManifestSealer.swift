import HoldfastModel

/// Turns records into a manifest's blocks. The sealed bytes are held in memory until they are complete, because an
/// object is named by their hash: about 40 bytes a chunk and 30 a file.
struct ManifestSealer {
    static let blockBytes = 1 << 20

    /// Room for the trailer in its frame, and the footer.
    private static let endingBytes = Limits.manifestTrailerBytes + 256

    private let sealer: Sealer
    private let byteLimit: Int
    private var sealed: [UInt8]
    private var open: [UInt8] = []
    private(set) var blocks: UInt64 = 0

    /// - Parameter byteLimit: sealed bytes that the manifest may have, its ending included.
    init(
        _ header: ManifestHeader, keys: ProjectKeys, byteLimit: Int = Limits.manifestBytes
    ) throws(HoldfastError) {
        self.byteLimit = byteLimit
        sealer = try header.sealer(keys)
        sealed = header.bytes
    }

    var offset: UInt64 { UInt64(sealed.count) }

    /// Appends a record: a length of four bytes and its content, which may span blocks.
    /// - Throws: `tooLarge` as soon as the manifest would be larger than a node takes.
    mutating func add(_ record: [UInt8]) throws(HoldfastError) {
        guard record.count <= Limits.recordBytes else {
            throw HoldfastError(.tooLarge, "One file has more chunks than a manifest's record can hold.")
        }
        withUnsafeBytes(of: UInt32(record.count).bigEndian) { open.append(contentsOf: $0) }
        open.append(contentsOf: record)
        guard open.count >= Self.blockBytes else { return }
        var start = 0
        while open.count - start >= Self.blockBytes {
            try seal(Array(open[start..<start + Self.blockBytes]), .content, blocks)
            blocks += 1
            start += Self.blockBytes
        }
        open.removeFirst(start)
    }

    /// Ends the open block, so that the next record begins one.
    mutating func endBlock() throws(HoldfastError) {
        guard !open.isEmpty else { return }
        try seal(open, .content, blocks)
        blocks += 1
        open.removeAll(keepingCapacity: true)
    }

    mutating func finish(_ trailer: ManifestTrailer) throws -> SealedObject {
        try endBlock()
        var trailer = trailer
        trailer.blocks = blocks
        let start = offset
        let bytes = try trailer.bytes()
        guard bytes.count <= Limits.manifestTrailerBytes else {
            throw HoldfastError(.tooLarge, "What is to be recorded of the backup as a whole exceeds 4 MiB.")
        }
        try seal(bytes, .ending, 0)
        var footer = ByteWriter()
        footer.integer(start)
        footer.raw(Format.end.magic)
        return SealedObject(kind: .manifest, bytes: sealed + footer.bytes)
    }

    /// Frame: length of what follows, sealed (form, plain length, packed content).
    private mutating func seal(
        _ plain: [UInt8], _ domain: Sealer.Domain, _ counter: UInt64
    ) throws(HoldfastError) {
        let packed = Packed(packing: plain)
        var writer = ByteWriter()
        writer.integer(packed.form.rawValue)
        writer.integer(UInt32(plain.count))
        writer.raw(packed.bytes)
        let content = try sealer.seal(writer.bytes, domain, counter)
        guard domain == .ending || sealed.count + 4 + content.count <= byteLimit - Self.endingBytes else {
            throw HoldfastError(
                .tooLarge,
                """
                The list of what the backup holds exceeds the \(byteLimit) bytes that a node stores as one object: divide \
                the service, so that each project backs up a part of it
                """)
        }
        withUnsafeBytes(of: UInt32(content.count).bigEndian) { sealed.append(contentsOf: $0) }
        sealed.append(contentsOf: content)
    }
}

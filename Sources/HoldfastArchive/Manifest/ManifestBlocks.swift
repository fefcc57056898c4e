import HoldfastModel

/// Fetches and opens blocks of a manifest.
struct ManifestBlocks<Source: ObjectSource>: Sendable {
    var source: Source
    let name: ObjectName
    let sealer: Sealer
    /// Offset of the first block.
    let start: UInt64
    /// Offset of the trailer.
    let end: UInt64

    private static var overhead: Int { 5 + Limits.tagBytes }

    var subject: String { "manifest \(name)" }

    /// The block at `offset`, and where the next begins.
    func block(at offset: UInt64, number: UInt64, before limit: UInt64) async throws -> (plain: [UInt8], next: UInt64) {
        try await source.fromGoodCopy(of: .manifest, name) {
            try await block(at: offset, number: number, before: limit, from: $0)
        }
    }

    private func block(
        at offset: UInt64, number: UInt64, before limit: UInt64, from source: Source
    ) async throws -> (plain: [UInt8], next: UInt64) {
        guard offset + 4 <= limit else { throw cut }
        var length = ByteReader(try await source.exactly(.manifest, name, offset: Int64(offset), length: 4), subject)
        let count = Int(try length.integer(UInt32.self))
        guard count > Self.overhead, count <= Limits.manifestBlockBytes + Self.overhead,
            offset + 4 + UInt64(count) <= limit
        else { throw cut }
        let sealed = try await source.exactly(.manifest, name, offset: Int64(offset) + 4, length: count)
        let plain = try unpack(sealed, .content, number, limit: Limits.manifestBlockBytes)
        return (plain, offset + 4 + UInt64(count))
    }

    /// A frame with its length in front and nothing behind.
    func open(frame: [UInt8], _ domain: Sealer.Domain, _ counter: UInt64, limit: Int) throws(HoldfastError) -> [UInt8] {
        var reader = ByteReader(frame, subject)
        let sealed = try reader.long()
        try reader.finish()
        return try unpack(sealed, domain, counter, limit: limit)
    }

    private func unpack(
        _ sealed: [UInt8], _ domain: Sealer.Domain, _ counter: UInt64, limit: Int
    ) throws(HoldfastError) -> [UInt8] {
        let subject = domain == .content ? "block \(counter) of \(subject)" : "end of \(subject)"
        var reader = ByteReader(try sealer.open(sealed, domain, counter, subject: subject), subject)
        guard let form = Packed.Form(rawValue: try reader.integer()) else {
            throw reader.damaged("it is packed in an unknown way")
        }
        let plainLength = Int(try reader.integer(UInt32.self))
        guard plainLength > 0, plainLength <= limit else { throw reader.damaged("its length is impossible") }
        return try Packed(form: form, bytes: try reader.raw(reader.left))
            .unpacked(plainLength: plainLength, subject: subject)
    }

    var cut: HoldfastError { HoldfastError(.corrupt, "The \(subject) is damaged: a block is cut short.") }
}

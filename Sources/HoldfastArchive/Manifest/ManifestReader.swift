package import HoldfastModel

/// An opened manifest: header and summary are read and checked, entries are read as they are asked for.
package struct ManifestReader<Source: ObjectSource>: Sendable {
    package let name: ObjectName
    package let header: ManifestHeader
    let trailer: ManifestTrailer
    private(set) var blocks: ManifestBlocks<Source>
    let keys: ProjectKeys

    package var summary: ManifestSummary { trailer.summary }
    /// Of media; for a database, how many tables.
    package var entryCount: UInt64 { trailer.entries }
    package var referencedBytes: UInt64 { trailer.referencedBytes }

    /// - Throws: `corrupt`, `unsupported`, or what the source throws.
    package static func open(
        source: Source, keys: ProjectKeys, project: ProjectID, name: ObjectName
    ) async throws -> ManifestReader {
        var reader = try await source.fromGoodCopy(of: .manifest, name) { try await open($0, keys, project, name) }
        // A block may be damaged where the rest is not, so each is read from wherever it is good.
        reader.blocks.source = source
        return reader
    }

    private static func open(
        _ source: Source, _ keys: ProjectKeys, _ project: ProjectID, _ name: ObjectName
    ) async throws -> ManifestReader {
        let subject = "manifest \(name)"
        let size = try await source.size(.manifest, name)
        guard size >= 0, size <= Int64(Limits.manifestBytes) else {
            throw HoldfastError(.corrupt, "The \(subject) is damaged: no manifest has \(size) bytes.")
        }
        let length = Int(min(Int64(ManifestHeader.maximumBytes), size))
        let header = try ManifestHeader(
            decoding: try await source.exactly(.manifest, name, offset: 0, length: length))
        guard header.project == project else {
            throw HoldfastError(.corrupt, "The \(subject) belongs to project \(header.project), not to \(project).")
        }
        let start = Int64(header.bytes.count)
        let end = size - Int64(ManifestTrailer.footerBytes)
        guard end >= start else { throw HoldfastError(.corrupt, "The \(subject) is cut short.") }
        var footer = ByteReader(
            try await source.exactly(.manifest, name, offset: end, length: ManifestTrailer.footerBytes), subject)
        let trailerOffset = try footer.integer(UInt64.self)
        guard try footer.raw(Format.magicLength) == Format.end.magic else {
            throw footer.damaged("its end is missing")
        }
        guard trailerOffset >= UInt64(start), trailerOffset < UInt64(end),
            UInt64(end) - trailerOffset <= UInt64(Limits.manifestTrailerBytes + 64)
        else { throw footer.damaged("its end doesn't fit its size") }
        let blocks = ManifestBlocks(
            source: source, name: name, sealer: try header.sealer(keys), start: UInt64(start), end: trailerOffset)
        let frame = try await source.exactly(
            .manifest, name, offset: Int64(trailerOffset), length: Int(UInt64(end) - trailerOffset))
        let trailer = try ManifestTrailer(
            try blocks.open(frame: frame, .ending, 0, limit: Limits.manifestTrailerBytes), subject: subject)
        return ManifestReader(name: name, header: header, trailer: trailer, blocks: blocks, keys: keys)
    }

    /// - Throws: `invalidArgument` if it describes a database.
    package func media() throws(HoldfastError) -> MediaManifestReader<Source> {
        guard header.service.kind == .media else { throw wrongKind() }
        return MediaManifestReader(
            ManifestRecords(blocks: blocks, start: blocks.start, end: blocks.end, firstBlock: 0), trailer)
    }

    /// The entries from a place on where a reader of the same manifest was; the order and counts are not checked again.
    package func media(from place: ManifestPosition) throws(HoldfastError) -> MediaManifestReader<Source> {
        guard header.service.kind == .media else { throw wrongKind() }
        return MediaManifestReader(
            try ManifestRecords(blocks: blocks, at: place, start: blocks.start, end: blocks.end), trailer,
            isWhole: false)
    }

    /// - Throws: `invalidArgument` if it describes media.
    package func database() throws(HoldfastError) -> DatabaseManifestReader<Source> {
        guard header.service.kind == .database else { throw wrongKind() }
        return try DatabaseManifestReader(blocks, trailer)
    }

    private func wrongKind() -> HoldfastError {
        HoldfastError(.invalidArgument, "The manifest \(name) describes a \(header.service.kind.rawValue) service.")
    }
}

import HoldfastModel

/// Gives any range of a prepared file, out of the backup it follows from.
package struct DownloadStream<Source: ObjectSource>: Sendable {
    package typealias Emit = (ArraySlice<UInt8>) async throws -> Void

    private let layout: DownloadLayout
    private let manifest: ManifestReader<Source>
    private let archive: ArchiveReader<Source>

    /// - Parameter archive: has the shards of the part, and those of the layout's listing.
    package init(layout: DownloadLayout, manifest: ManifestReader<Source>, archive: ArchiveReader<Source>) {
        self.layout = layout
        self.manifest = manifest
        self.archive = archive
    }

    /// Gives the bytes in order. A range beyond the end ends there.
    ///
    /// - Throws: `corrupt` where stored bytes are not those that were prepared; what was given before it was good.
    // A table's bytes lie in a dump's frames, which whoever reads dumps takes apart.
    package func read(_ range: Range<UInt64>, _ emit: @escaping Emit) async throws {
        let range = range.clamped(to: 0..<max(layout.byteCount, range.lowerBound))
        guard !range.isEmpty else { return }
        switch layout.form {
        case .dump: try await readDump(range, emit)
        case .table:
            throw HoldfastError(.invalidArgument, "A table is read out of its dump.")
        case .tar(let listing): try await readTar(range, listing, emit)
        case .file: try await readFile(range, emit)
        case .directory(let path): try await readDirectory(path, range, emit)
        }
    }

    // MARK: a dump

    /// The bytes of the stored dump, whatever the file is made of.
    package func readDump(_ range: Range<UInt64>, _ emit: @escaping Emit) async throws {
        let database = try manifest.database()
        let start = layout.checkpoints.place(before: range.lowerBound)
        var references = try start.map { try database.references(from: $0.mark) } ?? database.references()
        var stretch = Stretch(at: start?.offset ?? 0, of: range)
        try await StreamAssembly(archive, emit: emit).run {
            while !stretch.isOver {
                guard let chunk = try await references.next() else { throw Self.short }
                if let member = stretch.take(StreamMember(pieces: [.stored(UInt64(chunk.length))], chunks: [chunk])) {
                    return member
                }
            }
            return nil
        }
    }

    // MARK: a tar

    private func readTar(
        _ range: Range<UInt64>, _ listing: DownloadLayout.Listing, _ emit: @escaping Emit
    ) async throws {
        let chunks = try await chunks(of: listing)
        let head = TarMember.listing(
            name: listing.name, modified: listing.modified, byteCount: listing.byteCount, chunks: chunks)
        let headBytes = head.byteCount
        let assembly = StreamAssembly(archive, emit: emit)
        var first = Stretch(at: 0, of: range)
        if let member = first.take(head) {
            var given = false
            try await assembly.run {
                defer { given = true }
                return given ? nil : member
            }
        }
        guard range.upperBound > headBytes else { return }
        let (from, to) = (max(range.lowerBound, headBytes) - headBytes, range.upperBound - headBytes)
        guard let start = layout.checkpoints.place(before: from) else { throw Self.short }
        var entries = try manifest.media(from: start.mark)
        var stretch = Stretch(at: start.offset, of: from..<to)
        var ended = false
        try await assembly.run {
            while !stretch.isOver, !ended {
                let entry = try await entries.next()
                ended = entry == nil
                guard let member = entry.map({ TarMember.member(of: $0) }) ?? TarMember.ending else { continue }
                if let member = stretch.take(member) { return member }
            }
            guard stretch.isOver else { throw Self.short }
            return nil
        }
    }

    private func chunks(of listing: DownloadLayout.Listing) async throws -> [ChunkReference] {
        var bytes: [UInt8] = []
        for reference in listing.chunks { bytes += try await archive.read(reference) }
        var reader = ByteReader(bytes, "list of contents")
        let chunks = try reader.references(bytes.count / (ChunkName.byteCount + 4))
        try reader.finish()
        guard chunks.reduce(0, { $0 + UInt64($1.length) }) == listing.byteCount else { throw Self.short }
        return chunks
    }

    // MARK: a directory

    private func readDirectory(_ path: [UInt8], _ range: Range<UInt64>, _ emit: @escaping Emit) async throws {
        guard let start = layout.checkpoints.place(before: range.lowerBound) else { throw Self.short }
        var members = try DirectoryMembers(of: path, in: manifest, from: start.mark)
        var stretch = Stretch(at: start.offset, of: range)
        try await StreamAssembly(archive, emit: emit).run {
            while !stretch.isOver {
                guard let member = try await members.next() else { throw Self.short }
                if let member = stretch.take(member) { return member }
            }
            return nil
        }
    }

    // MARK: a file

    private func readFile(_ range: Range<UInt64>, _ emit: @escaping Emit) async throws {
        guard let start = layout.checkpoints.places.first else { throw Self.short }
        var entries = try manifest.media(from: start.mark)
        guard case .file(let size, let extents, let chunks) = try await entries.next()?.kind, size == layout.byteCount
        else { throw Self.short }
        let member = TarMember.plainFile(size: size, extents: extents, chunks: chunks).cut(to: range)
        var given = false
        try await StreamAssembly(archive, emit: emit).run {
            defer { given = true }
            return given ? nil : member
        }
    }

    private static var short: HoldfastError {
        HoldfastError(.corrupt, "The backup doesn't hold what the download was prepared from: prepare it again.")
    }
}

extension ChunkReference {
    /// Names and lengths, as a list of contents keeps them.
    package static func bytes(of references: [ChunkReference]) -> [UInt8] {
        var writer = ByteWriter()
        writer.reserve(references.count * (ChunkName.byteCount + 4))
        for reference in references {
            writer.name(reference.name)
            writer.integer(reference.length)
        }
        return writer.bytes
    }
}

/// Cuts the members that lie along a range of a stream.
private struct Stretch {
    private var at: UInt64
    private let range: Range<UInt64>

    init(at offset: UInt64, of range: Range<UInt64>) {
        at = offset
        self.range = range
    }

    var isOver: Bool { at >= range.upperBound }

    /// What of the next member lies in the range; nil for nothing.
    mutating func take(_ member: StreamMember) -> StreamMember? {
        let start = at
        at += member.byteCount
        guard at > range.lowerBound, start < range.upperBound else { return nil }
        if start >= range.lowerBound, at <= range.upperBound { return member }
        let from = max(range.lowerBound, start) - start
        return member.cut(to: from..<min(range.upperBound, at) - start)
    }
}

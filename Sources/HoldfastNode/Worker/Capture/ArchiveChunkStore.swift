import HoldfastArchive
import HoldfastPostgres

/// Takes the contents of files into an archive.
final class ArchiveChunkStore: ChunkStore {
    private let writer: ArchiveWriter
    private var content: ContentWriter

    init(_ writer: ArchiveWriter) {
        self.writer = writer
        content = writer.content(.media)
    }

    func store(_ bytes: UnsafeRawBufferPointer) async throws { try await content.write(bytes) }
    func endOfFile() async throws -> [ChunkReference] { try await content.finish() }
    func reuse(_ chunks: [ChunkReference]) async throws -> Bool { writer.reuse(chunks) }
}

/// Takes the entries of a tree into a manifest.
final class ManifestEntrySink: EntrySink {
    var writer: MediaManifestWriter

    init(_ writer: MediaManifestWriter) { self.writer = writer }

    func add(_ entry: MediaEntry) async throws { try writer.add(entry) }
}

/// Takes a dump into an archive and its manifest, with a cut at each boundary.
struct DumpChunkSink: DumpSink {
    private var content: ContentWriter
    private(set) var manifest: DatabaseManifestWriter
    private let progress: (Int64) -> Void
    private var bytes: Int64 = 0

    init(_ writer: ArchiveWriter, _ manifest: DatabaseManifestWriter, progress: @escaping (Int64) -> Void) {
        content = writer.content(.dump)
        self.manifest = manifest
        self.progress = progress
    }

    mutating func write(_ piece: ArraySlice<UInt8>) async throws {
        try await content.write(piece)
        try manifest.add(content.takeReferences())
        bytes += Int64(piece.count)
        progress(bytes)
    }

    mutating func boundary() async throws { try await content.cutHere() }

    mutating func finish() async throws { try manifest.add(await content.finish()) }
}

import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// A part of a backup, opened: its manifest, its shards, and the content of its chunks.
struct PartReader: Sendable {
    let manifest: ManifestReader<ObjectRouter>
    let references: ReferenceList
    let archive: ArchiveReader<ObjectRouter>

    init(
        manifest name: ObjectName, references list: ObjectName, project: ProjectID, keys: ProjectKeys,
        router: ObjectRouter, lookup: any ChunkLookup
    ) async throws {
        manifest = try await ManifestReader.open(source: router, keys: keys, project: project, name: name)
        references = try await Self.references(list, of: name, keys, router)
        guard references.manifest == name, references.project == project else {
            throw HoldfastError(.corrupt, "Reference list \(list) is not that of manifest \(name)")
        }
        archive = ArchiveReader(
            source: router, keys: keys, project: project, lookup: lookup, shards: references.shards,
            further: { try await router.lists(of: name, keys: keys).flatMap(\.shards) })
    }

    /// Where the list is not there any more, or no copy is good, what all the others of the manifest name: a catalog that has
    /// gone back in time does not know that the part's content has moved to other shards.
    private static func references(
        _ list: ObjectName, of manifest: ObjectName, _ keys: ProjectKeys, _ router: ObjectRouter
    ) async throws -> ReferenceList {
        do {
            return try await router.list(list, keys: keys)
        } catch let error as HoldfastError where [.notFound, .corrupt].contains(error.code) {
            let others = try await router.lists(of: manifest, keys: keys)
            guard let one = others.first else { throw error }
            return ReferenceList(
                project: one.project, backup: one.backup, service: one.service, manifest: manifest,
                shards: others.flatMap(\.shards))
        }
    }

    /// Of a dump, read before they are asked for; each is a chunk.
    private static let piecesAhead = 16

    /// Gives the dump to `consume` piece by piece, reading ahead of it.
    func readDump<Result>(_ consume: (@escaping DumpSource) async throws -> Result) async throws -> Result {
        let database = try manifest.database()
        let pieces = Handover<[UInt8]>(limit: Self.piecesAhead)
        let archive = archive
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    var references = database.references()
                    try await archive.read(next: { try await references.next() }) { _, bytes in
                        try await pieces.give(Array(bytes))
                    }
                    pieces.end()
                } catch {
                    pieces.end(error)
                }
            }
            defer {
                pieces.end(CancellationError())
                group.cancelAll()
            }
            return try await consume { try await pieces.take() }
        }
    }
}

/// Gives file contents to a tree that is being built.
final class ArchiveContent: MediaContent {
    private let archive: ArchiveReader<ObjectRouter>
    private let ahead: ReadAhead

    init(_ archive: ArchiveReader<ObjectRouter>, ahead: ReadAhead) {
        self.archive = archive
        self.ahead = ahead
    }

    func read(
        _ chunks: [ChunkReference], into body: (UnsafeRawBufferPointer) throws -> Void
    ) async throws {
        for chunk in chunks { try await archive.read(chunk, ahead: ahead, body) }
    }
}

/// Entries of a manifest, read some way ahead, so that the content of the next files is on its way while one is written.
final class PrefetchedEntries: EntrySource {
    private static let mostEntries = 256
    private static let mostBytes: UInt64 = 16 << 20

    private let source: any EntrySource
    private let ahead: ReadAhead
    /// Those before `first` were given out.
    private var entries: [MediaEntry] = []
    private var first = 0
    private var bytes: UInt64 = 0
    private var isOver = false

    init(_ source: any EntrySource, ahead: ReadAhead) {
        self.source = source
        self.ahead = ahead
    }

    func next() async throws -> MediaEntry? {
        while !isOver, entries.count - first < Self.mostEntries, entries.count == first || bytes < Self.mostBytes {
            guard let entry = try await source.next() else {
                isOver = true
                break
            }
            entries.append(entry)
            bytes += entry.contentBytes
            if case .file(_, _, let chunks) = entry.kind { ahead.prefetch(chunks) }
        }
        guard first < entries.count else { return nil }
        let entry = entries[first]
        first += 1
        if first >= Self.mostEntries {
            entries.removeFirst(first)
            first = 0
        }
        bytes -= entry.contentBytes
        return entry
    }
}

extension MediaEntry {
    fileprivate var contentBytes: UInt64 {
        guard case .file(_, _, let chunks) = kind else { return 0 }
        return chunks.reduce(0) { $0 + UInt64($1.length) }
    }
}

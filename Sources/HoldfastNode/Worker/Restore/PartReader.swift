import HoldfastArchive
import HoldfastModel
import HoldfastPostgres

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

    /// Gives the dump to `consume` piece by piece, reading ahead of it.
    func readDump<Result>(_ consume: (@escaping DumpSource) async throws -> Result) async throws -> Result {
        let database = try manifest.database()
        let pieces = PieceQueue()
        let archive = archive
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    var references = database.references()
                    try await archive.read(next: { try await references.next() }) { _, bytes in
                        try await pieces.send(Array(bytes))
                    }
                    pieces.finish(nil)
                } catch {
                    pieces.finish(error)
                }
            }
            defer {
                pieces.finish(CancellationError())
                group.cancelAll()
            }
            return try await consume { try await pieces.next() }
        }
    }
}

/// Gives file contents to a tree that is being built.
final class ArchiveContent: MediaContent {
    private let archive: ArchiveReader<ObjectRouter>

    init(_ archive: ArchiveReader<ObjectRouter>) { self.archive = archive }

    func read(
        _ chunks: [ChunkReference], into body: (UnsafeRawBufferPointer) async throws -> Void
    ) async throws {
        var rest = chunks.makeIterator()
        try await archive.read(next: { rest.next() }) { _, bytes in
            // A pointer into an array is valid only without suspension, so the piece moves to memory of its own.
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
            defer { memory.deallocate() }
            bytes.withUnsafeBytes { memory.copyMemory(from: $0) }
            try await body(UnsafeRawBufferPointer(memory))
        }
    }
}

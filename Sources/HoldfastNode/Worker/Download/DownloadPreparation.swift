import Crypto
import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// Prepares one file of a download: finds its layout, then reads the file as it will be served, for its SHA-256. What was
/// hashed is thereby what is served, byte for byte, and every chunk of it was checked.
struct DownloadPreparation {
    private let message: PrepareDownload
    private let resources: WorkerResources
    private let keys: ProjectKeys
    private let router: ObjectRouter
    private let part: DownloadPart
    private let meter: ProgressMeter

    init(
        _ message: PrepareDownload, resources: WorkerResources, index: any ChunkLookup, meter: ProgressMeter
    ) async throws {
        self.message = message
        self.resources = resources
        self.meter = meter
        keys = try ProjectKeys(serialized: message.keys)
        router = try resources.router(message.project, message.terms, meter)
        part = try await DownloadPart(
            manifest: message.manifest, references: message.references, project: message.project, keys: keys,
            router: router, index: index)
    }

    func run() async throws -> PrepareDownload.Reply {
        let layout =
            switch message.content {
            case .part(let service):
                service.kind == .database ? try await dump() : try await tar()
            case .file(_, let path): try await file(path)
            case .table(_, let name): try await table(name)
            }
        let hash = try await hash(layout)
        return PrepareDownload.Reply(bytes: Int64(layout.byteCount), sha256: hash.hexadecimal, layout: layout.text)
    }

    /// Reads all of it as it will be served.
    private func hash(_ layout: DownloadLayout) async throws -> [UInt8] {
        var hasher = SHA256()
        var bytes: UInt64 = 0
        try await part.read(layout, 0..<layout.byteCount) { piece in
            piece.withUnsafeBytes { hasher.update(bufferPointer: $0) }
            bytes += UInt64(piece.count)
            meter.set(
                "checksum", message.content.service, bytes: Int64(bytes), totalBytes: Int64(layout.byteCount))
        }
        guard bytes == layout.byteCount else {
            throw HoldfastError(.internal, "\(message.content) has \(bytes) bytes, not \(layout.byteCount)")
        }
        return Array(hasher.finalize())
    }

    // MARK: a database

    private func dump() async throws -> DownloadLayout {
        let database = try part.manifest.database()
        _ = try await database.tables()
        return DownloadLayout(
            form: .dump, byteCount: UInt64(database.dumpBytes), checkpoints: try await checkpoints(database))
    }

    private func checkpoints(
        _ database: DatabaseManifestReader<ObjectRouter>
    ) async throws -> Checkpoints<ManifestPosition> {
        var references = database.references()
        var checkpoints = Checkpoints<ManifestPosition>()
        var offset: UInt64 = 0
        while true {
            let place = references.place
            guard let reference = try await references.next() else { return checkpoints }
            if let place { checkpoints.offer(offset, place) }
            offset += UInt64(reference.length)
        }
    }

    // MARK: a table

    private func table(_ name: String) async throws -> DownloadLayout {
        let database = try part.manifest.database()
        let table = try Self.find(name, among: try await database.tables())
        let checkpoints = try await checkpoints(database)
        let dump = DownloadLayout(form: .dump, byteCount: UInt64(database.dumpBytes), checkpoints: checkpoints)
        let head = Self.comment(message.subject, table) + (try await statements(table, dump))

        var frames = Checkpoints<UInt64>()
        frames.offer(0, UInt64(table.offset))
        let first = DownloadLayout(
            form: .table(head: head, frames: frames), byteCount: 0, checkpoints: checkpoints)
        var rowBytes: UInt64 = 0
        try await TableRows(part: part, layout: first, head: head, frames: frames).readRows(from: 0) {
            at, rows, place in
            if let place, place.rows > 0 { frames.offer(place.rows, place.dump) }
            rowBytes = at + UInt64(rows.count)
            meter.set(
                "prepare", message.content.service, bytes: Int64(rowBytes), totalBytes: table.length)
            return true
        }
        return DownloadLayout(
            form: .table(head: head, frames: frames), byteCount: UInt64(head.count) + rowBytes,
            checkpoints: checkpoints)
    }

    private struct HeadIsRead: Error {}

    private func statements(_ table: DumpTable, _ dump: DownloadLayout) async throws -> [UInt8] {
        var script = CopyScript(dumpID: table.dumpID)
        var statements: [UInt8]?
        do {
            try await part.stream(dump).readDump(0..<dump.byteCount) { bytes in
                statements = try script.consume(bytes)
                if statements != nil { throw HeadIsRead() }
            }
        } catch is HeadIsRead {}
        guard let statements else { throw HoldfastError(.malformed, "The dump ends within its head") }
        return statements
    }

    private static func find(_ name: String, among tables: [DumpTable]) throws(HoldfastError) -> DumpTable {
        let exact = tables.filter { "\($0.schema).\($0.name)" == name }
        let found = exact.isEmpty ? tables.filter { $0.name == name } : exact
        guard let table = found.first else {
            throw HoldfastError(.notFound, "The backup has no rows of a table \(name.printable(limit: 120))")
        }
        guard found.count == 1 else {
            let names = found.map { "\($0.schema).\($0.name)".printable(limit: 120) }
            throw HoldfastError(
                .invalidArgument, "There are several: \(names.joined(separator: ", ")). Name the schema.")
        }
        return table
    }

    private static func comment(_ subject: String, _ table: DumpTable) -> [UInt8] {
        Array(
            """
            -- Rows of one table: \(subject.printable(limit: 400))
            -- \(table.rows) rows. Load them into a table like it: psql -v ON_ERROR_STOP=1 -f FILE DATABASE

            """.utf8)
    }

    // MARK: media

    /// The list of contents is stored as everything is, sealed and held, until the links have expired.
    private func tar() async throws -> DownloadLayout {
        let plan = TarPlan(manifest: part.manifest, archive: part.archive())
        let total = Int64(clamping: part.manifest.referencedBytes)
        let (meter, service) = (meter, message.content.service)
        let (made, summary) = try await withArchiveWriter(
            project: message.project, keys: keys, index: EmptyLookup(), sink: router, entropy: resources.entropy,
            configuration: resources.archive
        ) { writer in
            var content = writer.content(.media)
            var references: [ChunkReference] = []
            let outcome = try await plan.make(
                subject: message.subject,
                list: { bytes in
                    try await content.write(bytes)
                    references += content.takeReferences()
                },
                progress: { meter.set("prepare", service, bytes: $0, items: $1, totalBytes: total) })
            references += try await content.finish()
            try await content.write(ChunkReference.bytes(of: references))
            return (outcome: outcome, chunks: try await content.finish())
        }
        guard case .held = try await router.hold(summary.shards, for: message.backup, until: message.holdUntil) else {
            throw HoldfastError(.unavailable, "The list of contents was not kept by the nodes that should hold it")
        }
        return made.outcome.layout(chunks: made.chunks, shards: summary.shards)
    }

    private func file(_ text: String) async throws -> DownloadLayout {
        guard var wanted = EscapedPath.path(text) else {
            throw HoldfastError(
                .invalidArgument, "\(text.printable(limit: 200)) is no path: a backslash itself is written \\\\")
        }
        if wanted.first == UInt8(ascii: "/") { wanted.removeFirst() }
        let (entry, place) = try await find(wanted)
        switch entry.kind {
        case .hardLink(let first):
            let (entry, place) = try await find(first)
            return try Self.layout(of: entry, at: place)
        default: return try Self.layout(of: entry, at: place)
        }
    }

    private func find(_ path: [UInt8]) async throws -> (MediaEntry, ManifestPosition) {
        var entries = try part.manifest.media()
        while true {
            let place = entries.place
            guard let entry = try await entries.next(), !MediaOrder.precedes(path, entry.path) else {
                throw HoldfastError(
                    .notFound,
                    "The backup has no file \(String.printable(path: path)); its path begins below the media's root")
            }
            if entry.path == path, !entry.flags.contains(.earlier) { return (entry, place) }
        }
    }

    private static func layout(of entry: MediaEntry, at place: ManifestPosition) throws(HoldfastError) -> DownloadLayout
    {
        guard case .file(let size, let extents, _) = entry.kind else {
            throw HoldfastError(
                .invalidArgument, "\(String.printable(path: entry.path)) is no file: prepare the media as a whole")
        }
        guard TarMember.holes(size, extents) <= holeLimit else {
            throw HoldfastError(
                .tooLarge,
                "\(String.printable(path: entry.path)) has holes of over 16 GiB, which a link would give as zeros: "
                    + "prepare the media as a whole")
        }
        var checkpoints = Checkpoints<ManifestPosition>()
        checkpoints.offer(0, place)
        return DownloadLayout(form: .file, byteCount: size, checkpoints: checkpoints)
    }

    private static let holeLimit: UInt64 = 16 << 30
}

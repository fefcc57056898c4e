import HoldfastArchive
import HoldfastModel
import HoldfastPostgres

/// How the bytes of something in a part follow from it, so that any range of them can be given at once.
struct ContentLayouts {
    let part: DownloadPart
    /// How much was read, and of how much.
    let progress: (Int64, Int64?) -> Void

    // MARK: a database

    func checkpoints(
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

    func table(_ name: String, subject: String) async throws -> DownloadLayout {
        let database = try part.manifest.database()
        let table = try Self.find(name, among: try await database.tables())
        let checkpoints = try await checkpoints(database)
        let dump = DownloadLayout(form: .dump, byteCount: UInt64(database.dumpBytes), checkpoints: checkpoints)
        let head = Self.comment(subject, table) + (try await statements(table, dump))

        var frames = Checkpoints<UInt64>()
        frames.offer(0, UInt64(table.offset))
        let first = DownloadLayout(
            form: .table(head: head, frames: frames), byteCount: 0, checkpoints: checkpoints)
        var rowBytes: UInt64 = 0
        try await TableRows(part: part, layout: first, head: head, frames: frames).readRows(from: 0) {
            at, rows, place in
            if let place, place.rows > 0 { frames.offer(place.rows, place.dump) }
            rowBytes = at + UInt64(rows.count)
            progress(Int64(rowBytes), table.length)
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

    func file(_ text: String) async throws -> DownloadLayout {
        var wanted = try Self.path(text)
        if wanted.first == UInt8(ascii: "/") { wanted.removeFirst() }
        let (entry, place) = try await find(wanted)
        return try await file(entry, at: place)
    }

    /// A file as it is, or a directory as a tar. Empty stands for all of the media.
    func fileOrDirectory(_ text: String) async throws -> DownloadLayout {
        let path = try Self.path(text)
        guard !path.isEmpty else { return try await directory(path, at: try part.manifest.media().place) }
        let (entry, place) = try await find(path)
        guard case .directory = entry.kind else { return try await file(entry, at: place) }
        return try await directory(path, at: place)
    }

    private func directory(_ path: [UInt8], at place: ManifestPosition) async throws -> DownloadLayout {
        var members = try DirectoryMembers(of: path, in: part.manifest, from: place)
        var (bytes, checkpoints) = (UInt64(0), Checkpoints<ManifestPosition>())
        while true {
            let place = members.place
            guard let member = try await members.next() else { break }
            checkpoints.offer(bytes, place)
            bytes += member.byteCount
            progress(Int64(clamping: bytes), nil)
        }
        return DownloadLayout(form: .directory(path), byteCount: bytes, checkpoints: checkpoints)
    }

    private static func path(_ text: String) throws(HoldfastError) -> [UInt8] {
        guard let path = EscapedPath.path(text) else {
            throw HoldfastError(
                .invalidArgument, "\(text.printable(limit: 200)) is no path: a backslash itself is written \\\\")
        }
        return path
    }

    private func file(_ entry: MediaEntry, at place: ManifestPosition) async throws -> DownloadLayout {
        guard case .hardLink(let first) = entry.kind else { return try Self.layout(of: entry, at: place) }
        let (entry, place) = try await find(first)
        return try Self.layout(of: entry, at: place)
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

import Crypto
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Files, directories and tables of a backup as bytes, straight out of the shards.
extension CoordinatorCommands {
    package func open(
        _ get: BackupGet, as principal: Principal, from origin: Origin
    ) async throws -> BackupContent {
        try await asked(.backupGet(get), principal, origin) { try await content(get) }
    }

    /// All of it, piece by piece.
    func giveContent(_ get: BackupGet, _ report: @Sendable (CommandEvent) async -> Void) async throws -> CommandResult {
        let content = try await content(get)
        await report(.content(content.head))
        let hash = RunningHash()
        try await withPieces(of: content) { piece in
            // Whoever asked may be gone: nobody takes the rest.
            try Task.checkCancellation()
            hash.update(piece)
            await report(.piece(piece))
        }
        return .given(GivenContent(content: content.head, sha256: hash.digest))
    }

    /// Reads in a task of its own and gives here, one piece at a time: `report` must not leave the command.
    private func withPieces(
        of content: BackupContent, _ body: ([UInt8]) async throws -> Void
    ) async throws {
        let pieces = Handover<[UInt8]>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    if content.head.bytes > 0 {
                        try await content.read(0..<content.head.bytes) { try await pieces.give($0) }
                    }
                    pieces.end(nil)
                } catch {
                    pieces.end(error)
                }
            }
            do {
                while let piece = try await pieces.take() { try await body(piece) }
            } catch {
                group.cancelAll()
                pieces.end(error)
                throw error
            }
        }
    }

    private func content(_ get: BackupGet) async throws -> BackupContent {
        let backup = try await storedBackup(get.backup)
        let part = try backup.part(get.what.kind, get.source)
        let look = try await look(at: part, of: backup)
        let path = get.what.path.map { Self.trimmed($0) }
        let message = LocateContent(
            project: look.project, keys: look.keys, manifest: part.manifest, references: part.references,
            terms: look.terms, path: path, table: get.what.table,
            subject: "\(backup.environment), backup \(backup.id) of \(part.startedAt.plain) UTC")
        let reply = try await office.call(look.node, message)
        let form: ContentHead.Form = get.what.table != nil ? .table : reply.isDirectory ? .directory : .file
        let name = Self.name(of: get.what, form, path ?? "", part, backup)
        let head = ContentHead(
            backup: backup.id, service: part.service, form: form, name: name.name, type: name.type, bytes: reply.bytes,
            tag: Self.tag(part, form, get.what.table ?? path ?? ""), capturedAt: part.startedAt)
        let office = office
        return BackupContent(head: head) { range, give in
            try await ResumedReading(office: office).run(range) { range, place in
                try await Self.read(range, of: backup.id, part.service, reply.layout, in: office) { bytes in
                    try await give(bytes)
                    place.advance(bytes.count)
                }
            }
        }
    }

    private static func read(
        _ range: Range<Int64>, of id: BackupID, _ service: ServiceReference, _ layout: String, in office: Office,
        _ give: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        // As the backup is now: its chunks may have moved to other shards since.
        guard let backup = try await office.catalog.get(Backup.self, id)?.value,
            backup.isStored(at: office.clock.now), let part = backup.parts.first(where: { $0.service == service })
        else { throw HoldfastError(.notFound, "Backup \(id) is no longer there") }
        let actor = await office.projects[backup.environment.project]
        let project = try await actor.record(backup.project).value
        let node = try await office.reader(for: backup.environment, of: project)
        let message = ReadDownload(
            project: project.id, keys: try await actor.keys(of: project), manifest: part.manifest,
            references: part.references, layout: layout, terms: await office.termsForReading(project.policy),
            offset: range.lowerBound, length: range.upperBound - range.lowerBound)
        try office.ledger.requireOffice()
        _ = try await office.nodes.call(node, message, bulk: give)
    }

    static func trimmed(_ path: String) -> String {
        var rest = path.utf8[...]
        while rest.first == UInt8(ascii: "/") { rest.removeFirst() }
        // An escaped byte never ends with a slash.
        while rest.last == UInt8(ascii: "/") { rest.removeLast() }
        return String(Substring(rest))
    }

    private static func name(
        of what: BackupGet.What, _ form: ContentHead.Form, _ path: String, _ part: BackupPart, _ backup: Backup
    ) -> (name: String, type: String) {
        let content: DownloadContent =
            switch (what, form) {
            case (.table(let name), _): .table(part.service, name: name)
            case (.path, .directory) where path.isEmpty: .part(part.service)
            case (.path, _): .file(part.service, path: path)
            }
        let name = DownloadName.name(of: content, from: backup.environment, capturedAt: part.startedAt)
        guard form == .directory else { return (name, DownloadName.type(of: content)) }
        return (path.isEmpty ? name : "\(name).tar", "application/x-tar")
    }

    /// What the bytes follow from: the part, what of it, and how a tar and a table's script are made.
    private static func tag(_ part: BackupPart, _ form: ContentHead.Form, _ what: String) -> String {
        let bytes = Array("holdfast/content/1/\(part.manifest)/\(form.rawValue)/\(what)".utf8)
        return Array(SHA256.hash(data: bytes).prefix(16)).hexadecimal
    }
}

/// The hash of what has passed, used by one task at a time.
private final class RunningHash {
    private var hasher = SHA256()

    func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) } }
    var digest: String { Array(hasher.finalize()).hexadecimal }
}

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
        router = resources.router(message.project, message.terms, meter)
        part = try await DownloadPart(
            manifest: message.manifest, references: message.references, project: message.project, keys: keys,
            router: router, index: index)
    }

    func run() async throws -> PrepareDownload.Reply {
        let layout =
            switch message.content {
            case .part(let service):
                service.kind == .database ? try await dump() : try await tar()
            case .file(_, let path): try await layouts.file(path)
            case .table(_, let name): try await layouts.table(name, subject: message.subject)
            }
        let hash = try await hash(layout)
        return PrepareDownload.Reply(bytes: Int64(layout.byteCount), sha256: hash.hexadecimal, layout: layout.text)
    }

    private var layouts: ContentLayouts {
        let (meter, service) = (meter, message.content.service)
        return ContentLayouts(part: part) { meter.set("prepare", service, bytes: $0, totalBytes: $1) }
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
            form: .dump, byteCount: UInt64(database.dumpBytes), checkpoints: try await layouts.checkpoints(database))
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
}

import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// Reads everything that a backup refers to. What is damaged or missing is listed; only what keeps it from looking is
/// thrown.
struct BackupVerification {
    /// What a reply has room for.
    private static let problemLimit = 100
    private static let batch = 512

    let resources: WorkerResources
    let message: VerifyBackup
    let keys: ProjectKeys
    let router: ObjectRouter
    let meter: ProgressMeter
    private let index: any ChunkLookup
    private var report = VerifyReport()
    private var unlisted = 0

    init(_ message: VerifyBackup, resources: WorkerResources, meter: ProgressMeter) throws {
        self.message = message
        self.resources = resources
        self.meter = meter
        keys = try ProjectKeys(serialized: message.keys)
        router = resources.router(message.project, message.terms, meter)
        index = ProjectIndex.forReading(message.project, resources: resources)
    }

    mutating func run() async throws -> VerifyReport {
        for part in message.parts { try await verify(part) }
        if unlisted > 0 { report.problems.append("and \(unlisted) more") }
        return report
    }

    private mutating func verify(_ part: VerifyBackup.Part) async throws {
        guard try await isWhole(.manifest, part.manifest, part.service),
            try await isWhole(.references, part.references, part.service)
        else { return }
        do {
            let reader = try await PartReader(
                manifest: part.manifest, references: part.references, project: message.project, keys: keys,
                router: router, lookup: EmptyLookup())
            let archive = ArchiveReader(
                source: router, keys: keys, project: message.project,
                lookup: ListedLookup(index: index, shards: Set(reader.references.shards)),
                shards: reader.references.shards)
            report.objects += reader.references.shards.count
            for shard in reader.references.shards { try await checkPresence(of: shard, part.service) }
            switch part.service.kind {
            case .database: try await readDump(reader.manifest, archive, part.service)
            case .media: try await readFiles(reader.manifest, archive, part.service)
            }
        } catch {
            try note(error, part.service, "manifest")
        }
    }

    private mutating func isWhole(
        _ kind: ObjectKind, _ name: ObjectName, _ service: ServiceReference
    ) async throws -> Bool {
        report.objects += 1
        do {
            var check = ObjectCheck()
            let size = try await router.size(kind, name)
            var offset: Int64 = 0
            while offset < size {
                let piece = try await router.read(kind, name, offset: offset, length: min(1 << 20, size - offset))
                guard !piece.isEmpty else { break }
                check.update(piece)
                offset += Int64(piece.count)
            }
            if check.name == name { return true }
            list("\(service): the stored bytes of \(kind.rawValue) \(name) were changed")
        } catch {
            try note(error, service, "\(kind.rawValue) \(name)")
        }
        return false
    }

    private mutating func checkPresence(of shard: ObjectName, _ service: ServiceReference) async throws {
        do {
            _ = try await router.size(.shard, shard)
        } catch {
            try note(error, service, "shard \(shard)")
        }
    }

    private mutating func readDump(
        _ manifest: ManifestReader<ObjectRouter>, _ archive: ArchiveReader<ObjectRouter>, _ service: ServiceReference
    ) async throws {
        let database = try manifest.database()
        _ = try await database.tables()
        var references = database.references()
        var batch: [ChunkReference] = []
        while let reference = try await references.next() {
            batch.append(reference)
            if batch.count == Self.batch { try await read(&batch, archive, service, "dump") }
        }
        try await read(&batch, archive, service, "dump")
    }

    private mutating func readFiles(
        _ manifest: ManifestReader<ObjectRouter>, _ archive: ArchiveReader<ObjectRouter>, _ service: ServiceReference
    ) async throws {
        var entries = try manifest.media()
        var (batch, first): ([ChunkReference], [UInt8]) = ([], [])
        while let entry = try await entries.next() {
            guard case .file(_, _, let chunks) = entry.kind, !chunks.isEmpty else { continue }
            if batch.isEmpty { first = entry.path }
            batch += chunks
            if batch.count >= Self.batch { try await read(&batch, archive, service, Self.subject(first)) }
        }
        try await read(&batch, archive, service, Self.subject(first))
    }

    private static func subject(_ path: [UInt8]) -> String { "files from \(String.printable(bytes: path)) on" }

    /// Reads the chunks together; where that fails, one by one, so that each bad one is counted.
    private mutating func read(
        _ batch: inout [ChunkReference], _ archive: ArchiveReader<ObjectRouter>, _ service: ServiceReference,
        _ subject: String
    ) async throws {
        defer { batch.removeAll(keepingCapacity: true) }
        let wanted = batch
        do {
            var rest = wanted.makeIterator()
            try await archive.read(next: { rest.next() }) { _, _ in }
            report.chunks += Int64(wanted.count)
            report.bytes += wanted.reduce(0) { $0 + Int64($1.length) }
        } catch {
            for reference in wanted {
                do {
                    _ = try await archive.read(reference)
                    report.chunks += 1
                    report.bytes += Int64(reference.length)
                } catch {
                    try note(error, service, subject)
                }
            }
        }
        meter.set("verify", service, bytes: report.bytes, items: report.chunks)
    }

    /// Damage, absence and what a disk can't read are findings; anything else ends the verification.
    private mutating func note(_ error: any Error, _ service: ServiceReference, _ subject: String) throws {
        let error = HoldfastError(error)
        guard [.corrupt, .notFound, .unsupported, .malformed, .inputOutput].contains(error.code) else { throw error }
        list("\(service), \(subject): \(error.message)")
    }

    private mutating func list(_ problem: String) {
        if report.problems.contains(problem) { return }
        if report.problems.count < Self.problemLimit {
            report.problems.append(problem.printable(limit: 400))
        } else {
            unlisted += 1
        }
    }
}

/// What an index says of the shards that a part refers to. A good copy of a chunk in another shard says nothing about the
/// part's own.
struct ListedLookup: ChunkLookup {
    let index: any ChunkLookup
    let shards: Set<ObjectName>

    func location(of name: ChunkName) -> ChunkLocation? {
        index.location(of: name).flatMap { shards.contains($0.shard) ? $0 : nil }
    }
}

import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// Captures the services of one order. Used once, by one task.
final class CaptureWork {
    /// How often what a hold refuses is stored again.
    private static let attempts = 3

    let resources: WorkerResources
    let message: CaptureServices
    let keys: ProjectKeys
    let router: ObjectRouter
    let meter: ProgressMeter
    var index: ProjectIndex
    /// Shards that some holder refused to hold.
    var distrusted: Set<ObjectName> = []
    var warnings = Warnings()

    init(_ message: CaptureServices, resources: WorkerResources, meter: ProgressMeter) async throws {
        self.message = message
        self.resources = resources
        self.meter = meter
        keys = try ProjectKeys(serialized: message.keys)
        router = try resources.router(message.project, message.terms)
        var notes = Warnings()
        index = try await ProjectIndex.open(
            message.project, keys: keys, router: router, resources: resources, warn: { notes.add($0) })
        warnings = notes
    }

    func run() async throws -> CaptureServices.Reply {
        for _ in 1...Self.attempts {
            var captured = try await captureAll()
            let objects = captured.flatMap(\.objects)
            switch try await router.hold(objects, for: message.backup, until: message.holdUntil) {
            case .held(let receipt):
                try await index.finish()
                captured[0].part.warnings.add(warnings)
                return CaptureServices.Reply(parts: captured.map(\.part), receipt: receipt)
            case .refused(let names):
                distrusted.formUnion(names)
                try index.merge([], dropping: distrusted)
            }
        }
        throw HoldfastError(
            .unavailable,
            """
            Objects of backup \(message.backup) were refused by the nodes that should hold them, though they were stored \
            again \(Self.attempts) times: look at the nodes' disks and logs
            """)
    }

    /// The files that a database's rows name are there: trees are walked before the databases' snapshots and after them.
    private func captureAll() async throws -> [CapturedPart] {
        let databases = message.services.filter { $0.service.kind == .database }
        let media = message.services.filter { $0.service.kind == .media }
        guard !message.services.isEmpty else {
            throw HoldfastError(.invalidArgument, "A backup of no services")
        }
        var before: [ServiceReference: MediaPass] = [:]
        if !databases.isEmpty {
            for target in media { before[target.service] = try await firstPass(over: target) }
        }
        var captured: [CapturedPart] = []
        for target in databases { captured.append(try await captureDatabase(target)) }
        for target in media { captured.append(try await captureMedia(target, after: before[target.service])) }
        return captured
    }

    /// Runs `body` with a writer into the project's archive, and takes what it stored into the index.
    func writing<Value>(_ body: (ArchiveWriter) async throws -> Value) async throws -> (Value, ArchiveSummary) {
        var configuration = resources.archive
        configuration.distrusted = distrusted
        let (value, summary) = try await withArchiveWriter(
            project: message.project, keys: keys, index: index.index, sink: router, entropy: resources.entropy,
            configuration: configuration, body)
        try index.merge(summary.entries, dropping: [])
        return (value, summary)
    }

    /// Stores manifest and reference list; only then is the part something that can be restored.
    func complete(
        _ target: ServiceTarget, _ manifest: SealedObject, shards: Set<ObjectName>, _ summary: ManifestSummary
    ) async throws -> CapturedPart {
        let references = try ReferenceList(
            project: message.project, backup: message.backup, service: target.service, manifest: manifest.name,
            shards: shards
        ).sealed(keys)
        try await router.put(manifest)
        try await router.put(references)
        let part = BackupPart(
            service: target.service, manifest: manifest.name, references: references.name,
            startedAt: summary.startedAt, endedAt: summary.endedAt, sizes: summary.sizes, counts: summary.counts,
            warnings: summary.warnings)
        return CapturedPart(part: part, objects: shards.sorted() + [manifest.name, references.name])
    }
}

/// A part with everything that has to be held for it.
struct CapturedPart {
    var part: BackupPart
    var objects: [ObjectName]
}

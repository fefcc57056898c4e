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
        router = resources.router(message.project, message.terms, meter)
        try router.placement.requireMeetable()
        var notes = Warnings()
        index = try await ProjectIndex.open(
            message.project, keys: keys, router: router, resources: resources, warn: { notes.add($0) })
        warnings = notes
    }

    /// Manifests come last, each after its reference list: one that lies on a node says that its backup is whole, and may
    /// be adopted as such.
    func run() async throws -> CaptureServices.Reply {
        defer { ProcessMemory.giveBack() }
        for _ in 1...Self.attempts {
            var captured = try await captureAll()
            switch try await hold(Set(captured.flatMap(\.shards)).sorted()) {
            case .held(let shards):
                let receipt = try await locked(captured, shards.adding(try await store(captured)))
                try await forgetDeletedShards()
                try await index.finish()
                captured[0].part.warnings.add(warnings)
                var parts = captured.map(\.part)
                BackupPart.limitWarnings(of: &parts)
                return CaptureServices.Reply(parts: parts, receipt: receipt)
            case .refused(let names):
                distrusted.formUnion(names)
                try merge([], dropping: distrusted)
            }
        }
        throw refused
    }

    /// What collection took away is not reckoned with by the next backup, which would have to read all again once a hold
    /// is refused; and the index does not grow for ever.
    private func forgetDeletedShards() async throws {
        do {
            try merge([], dropping: try await router.refusable(among: index.index.shards))
        } catch let error as HoldfastError where error.code != .cancelled {
            warnings.add("Deleted shards are still in the index of what is stored: \(error.message)")
        }
    }

    /// Puts and holds the manifests and reference lists of parts whose shards are all held.
    private func store(_ captured: [CapturedPart]) async throws -> Receipt {
        let objects = captured.map(\.references) + captured.map(\.manifest)
        for _ in 1...Self.attempts {
            for object in objects { try await router.put(object) }
            if case .held(let receipt) = try await hold(objects.map(\.name)) { return receipt }
        }
        throw refused
    }

    /// Locks everything where the policy asks for it, now that it is whole: an attempt that fails locks nothing.
    private func locked(_ captured: [CapturedPart], _ receipt: Receipt) async throws -> Receipt {
        guard let lock = message.lockUntil else { return receipt }
        let objects = Set(captured.flatMap { $0.shards.union([$0.references.name, $0.manifest.name]) }).sorted()
        let result = try await router.hold(
            objects, for: message.backup, until: message.holdUntil, lockedUntil: lock)
        guard case .held(let receipt) = result else { throw refused }
        return receipt
    }

    private func hold(_ objects: [ObjectName]) async throws -> ObjectRouter.HoldResult {
        try await router.hold(objects, for: message.backup, until: message.holdUntil)
    }

    private var refused: HoldfastError {
        HoldfastError(
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
        try merge(summary.entries, dropping: [])
        return (value, summary)
    }

    private func merge(_ entries: [IndexEntry], dropping: Set<ObjectName>) throws {
        var notes = Warnings()
        try index.merge(entries, dropping: dropping) { notes.add($0) }
        warnings.add(notes)
    }

    /// The part with its manifest and reference list, which are not stored yet.
    func complete(
        _ target: ServiceTarget, _ manifest: SealedObject, shards: Set<ObjectName>, _ summary: ManifestSummary
    ) throws -> CapturedPart {
        let references = try ReferenceList(
            project: message.project, backup: message.backup, service: target.service, manifest: manifest.name,
            shards: shards
        ).sealed(keys)
        let part = BackupPart(
            service: target.service, manifest: manifest.name, references: references.name,
            startedAt: summary.startedAt, endedAt: summary.endedAt, sizes: summary.sizes, counts: summary.counts,
            warnings: summary.warnings)
        return CapturedPart(part: part, shards: shards, manifest: manifest, references: references)
    }
}

/// A part whose shards are stored, with what is stored once they are held.
struct CapturedPart {
    var part: BackupPart
    var shards: Set<ObjectName>
    var manifest: SealedObject
    var references: SealedObject
}

extension Receipt {
    /// The receipt of both, which name no object twice and are of one layout and time.
    func adding(_ other: Receipt) -> Receipt {
        var sum = self
        sum.objects = sum.objects.addingClamped(other.objects)
        if let degraded = other.degradedObjects {
            sum.degradedObjects = (sum.degradedObjects ?? 0).addingClamped(degraded)
        }
        for holding in other.holdings {
            if let place = sum.holdings.firstIndex(where: { $0.node == holding.node }) {
                let present = sum.holdings[place]
                sum.holdings[place].objects = present.objects.addingClamped(holding.objects)
                sum.holdings[place].bytes = present.bytes.addingClamped(holding.bytes)
            } else {
                sum.holdings.append(holding)
            }
        }
        sum.holdings.sort { $0.node < $1.node }
        return sum
    }
}

import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// Builds the new content of one order beside the live services.
struct StagingWork {
    let resources: WorkerResources
    let message: StageServices
    let keys: ProjectKeys
    let router: ObjectRouter
    let notes: WorkNotes
    let meter: ProgressMeter

    init(_ message: StageServices, resources: WorkerResources, notes: WorkNotes, meter: ProgressMeter) throws {
        self.message = message
        self.resources = resources
        self.notes = notes
        self.meter = meter
        keys = try ProjectKeys(serialized: message.keys)
        router = resources.router(message.project, message.terms, meter)
    }

    private var job: JobID { message.order.job }

    func run() async throws -> StageServices.Reply {
        defer { ProcessMemory.giveBack() }
        var (staged, warnings): ([StagedService], Warnings) = ([], Warnings())
        var databases = 0
        for stage in message.services {
            var found = Warnings()
            switch stage.target.location {
            case .database where stage.isInPlace == true: staged.append(try await rehearse(stage, &found))
            case .database:
                let name = StagingNames.stagedDatabase(job, number: databases)
                databases += 1
                staged.append(try await stageDatabase(stage, name: name, &found))
            case .media: staged.append(try await stageMedia(stage, &found))
            }
            warnings.add(found, on: stage.target.service)
        }
        // What an undo has taken over is in its own note; nobody else would ever remove the earlier restore's.
        for case .kept(let earlier, _) in message.services.map(\.content) { try await notes.remove(earlier) }
        return StageServices.Reply(services: staged, warnings: warnings)
    }

    // MARK: Databases

    private func stageDatabase(
        _ stage: StageServices.Stage, name: String, _ warnings: inout Warnings
    ) async throws -> StagedService {
        let login = try resources.login(stage.target)
        let service = stage.target.service
        let live = try await liveDatabase(stage, login)
        let staged: StagedDatabase
        switch stage.content {
        case .part(_, let manifest, let references, _, let isForeign):
            if isForeign { try await Self.requireHarmlessRole(login, resources) }
            let part = try await part(manifest, references)
            try await clear(stage.target, login, name: name)
            try await note(service, .database(name: name, oid: nil))
            let facts = try RecordedFacts.read(part.manifest.summary.facts)
            staged = try await resources.databases.createStaged(beside: login, name: name, locale: facts.locale)
            try await note(service, .database(name: name, oid: staged.oid))
            let report = try await load(staged, beside: login, from: part, service)
            for entry in report.leftOut { warnings.add("Left out: \(entry)") }
        case .kept(let earlier, let kept):
            guard case .database(_, _, let stagedName) = kept.content, case .database(let old, _, _) = kept.content
            else { throw Self.wrongContent(service) }
            let from = StagingNames.keptDatabase(earlier, staged: stagedName)
            try await note(service, .takenDatabase(job: earlier, oid: old, from: from, name: name))
            try await resources.databases.rename(StagedDatabase(oid: old, name: from), to: name, on: login)
            staged = StagedDatabase(oid: old, name: name)
        }
        return StagedService(service: service, content: .database(live: live, staged: staged.oid, name: name))
    }

    /// Where nothing can be made beside it, nothing is; what could stop its replacement is looked for.
    private func rehearse(_ stage: StageServices.Stage, _ warnings: inout Warnings) async throws -> StagedService {
        let live = try await liveDatabase(stage, try resources.login(stage.target))
        let source = CheckServices.Source(project: message.project, keys: message.keys, terms: message.terms)
        let work = try InPlaceWork(source, job: job, resources: resources, meter: meter)
        warnings.add(try await work.rehearse(stage.target, oid: live, stage.content))
        return StagedService(service: stage.target.service, content: .databaseInPlace(live: live))
    }

    /// The OID that bears the live name, which must be the one that was checked.
    private func liveDatabase(_ stage: StageServices.Stage, _ login: DatabaseLogin) async throws -> UInt32 {
        guard case .database(_, let expected, _) = stage.identity else { throw Self.wrongContent(stage.target.service) }
        let found = try await resources.databases.find(login.address.database, on: login)
        guard let found, found.oid == expected else {
            throw HoldfastError(
                .conflict,
                "\(login.address) is not the database that was checked (OID \(expected)); restore again to check anew")
        }
        return expected
    }

    /// What was checked may have changed since, or the check was another coordinator's: another project's dump runs its
    /// author's code.
    static func requireHarmlessRole(_ login: DatabaseLogin, _ resources: WorkerResources) async throws {
        let problems = try await resources.databases.inspect(login, for: .foreignDump).problems
        if let problem = problems.first(where: { $0.severity == .error }) {
            throw HoldfastError(problem.code, problem.message)
        }
    }

    /// Drops what an earlier attempt of this job left half-made.
    private func clear(_ target: ServiceTarget, _ login: DatabaseLogin, name: String) async throws {
        if let work = try await notes.read(job).work(on: target.service) {
            try await AsideWork(resources: resources, notes: notes, job: job).undo(work, at: target)
        } else if try await resources.databases.find(name, on: login) != nil {
            throw HoldfastError(
                .conflict,
                """
                \(login.address): there is a database “\(name)” that this node has no note of having made. Look at it, and \
                drop it by hand if it is not needed
                """)
        }
    }

    private func load(
        _ staged: StagedDatabase, beside login: DatabaseLogin, from part: PartReader, _ service: ServiceReference
    ) async throws -> LoadReport {
        let total = Int64(clamping: part.manifest.referencedBytes)
        return try await part.readDump { next in
            var bytes: Int64 = 0
            return try await resources.databases.load(staged, beside: login) {
                let piece = try await next()
                bytes += Int64(piece?.count ?? 0)
                // What the server has to do once it has it all, such as its indexes, is not counted.
                meter.set("stage", service, bytes: bytes, totalBytes: total, isUncounted: piece == nil)
                return piece
            }
        }
    }

    // MARK: Media

    private func stageMedia(
        _ stage: StageServices.Stage, _ warnings: inout Warnings
    ) async throws -> StagedService {
        let service = stage.target.service
        let root = try resources.root(stage.target)
        guard case .media(_, let expected, _) = stage.identity, root.identity == expected else {
            throw HoldfastError(
                .conflict, "'\(root.path)' is not the directory that was checked; restore again to check anew")
        }
        let staging: MediaStaging
        switch stage.content {
        case .part(_, let manifest, let references, _, let isForeign):
            let part = try await part(manifest, references)
            if let work = try await notes.read(job).work(on: service) {
                try await AsideWork(resources: resources, notes: notes, job: job).undo(work, at: stage.target)
            } else if try MediaStaging.find(in: root, job: job) != nil {
                throw HoldfastError(
                    .conflict,
                    """
                    '\(root.path)' has a directory \(StagingNames.mediaDirectory(job)) that this node has no note of \
                    having made. Look at it, and remove it by hand if it is not needed
                    """)
            }
            try await note(service, .media(nil))
            staging = try MediaStaging.make(in: root, job: job)
            try await note(service, .media(staging.identity))
            let meter = meter
            let total = Int64(clamping: part.manifest.referencedBytes)
            let (staged, adjustment) = (staging, isForeign ? try .fromAnotherProject(into: root) : MediaAdjustment.none)
            let entries = ManifestEntries(try part.manifest.media())
            let outcome = try await part.archive.readingAhead { ahead in
                let apply = MediaApply(
                    staging: staged, adjustment: adjustment, content: ArchiveContent(part.archive, ahead: ahead)
                ) { meter.set("stage", service, bytes: $0, items: $1, totalBytes: total) }
                return try await apply.apply(PrefetchedEntries(entries, ahead: ahead))
            }
            warnings.add(outcome.warnings)
        case .kept(let earlier, let kept):
            guard case .media(_, let identity, _) = kept.content else { throw Self.wrongContent(service) }
            try await note(service, .takenMedia(job: earlier, identity))
            staging = try MediaStaging.takeOver(in: root, from: earlier, to: job, expected: identity)
        }
        return StagedService(
            service: service,
            content: .media(root: root.identity, staged: staging.identity, directory: staging.directory))
    }

    // MARK: Both

    private func part(_ manifest: ObjectName, _ references: ObjectName) async throws -> PartReader {
        try await PartReader(
            manifest: manifest, references: references, project: message.project, keys: keys, router: router,
            lookup: ProjectIndex.forReading(message.project, resources: resources))
    }

    private func note(_ service: ServiceReference, _ work: WorkNote.Work) async throws {
        var note = try await notes.read(job)
        note.set(service, work)
        try await notes.write(note)
    }

    static func wrongContent(_ service: ServiceReference) -> HoldfastError {
        HoldfastError(.invalidArgument, "\(service) can't take content of another kind")
    }
}

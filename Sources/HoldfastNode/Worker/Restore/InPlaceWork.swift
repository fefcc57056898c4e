import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// Replaces a database's content within a transaction, where no other database can be made beside it.
///
/// Nothing can be staged, so the content is read twice: once while everything is as it was, so that what can be known to
/// stop a load stops the restore then; and once with the database locked.
struct InPlaceWork {
    let resources: WorkerResources
    let job: JobID
    let project: ProjectID
    let keys: ProjectKeys
    let router: ObjectRouter
    let meter: ProgressMeter

    init(_ source: CheckServices.Source, job: JobID, resources: WorkerResources, meter: ProgressMeter) throws {
        self.resources = resources
        self.job = job
        self.meter = meter
        project = source.project
        keys = try ProjectKeys(serialized: source.keys)
        router = resources.router(source.project, source.terms, meter)
    }

    /// Reads the dump as the load would, and changes nothing. - Returns: what will be left out.
    func rehearse(_ target: ServiceTarget, oid: UInt32, _ content: StageServices.Content) async throws -> Warnings {
        let (item, part, _) = try await open(target, oid, content)
        let report = try await read(part, "stage", target.service) {
            try await resources.databases.rehearse(item, from: $0)
        }
        var warnings = Warnings()
        for entry in report.leftOut { warnings.add("Left out: \(entry)") }
        return warnings
    }

    /// - Returns: the new content in an open transaction.
    func replace(
        _ target: ServiceTarget, oid: UInt32, _ content: StageServices.Content
    ) async throws -> any DatabaseSwap {
        let (item, part, counts) = try await open(target, oid, content)
        return try await read(part, "load", target.service) {
            try await resources.databases.replace(item, counts: counts, from: $0)
        }
    }

    private func open(
        _ target: ServiceTarget, _ oid: UInt32, _ content: StageServices.Content
    ) async throws -> (InPlaceItem, PartReader, DumpedCounts) {
        guard case .part(_, let manifest, let references, .database(let counts), let isForeign) = content else {
            throw StagingWork.wrongContent(target.service)
        }
        let login = try resources.login(target)
        if isForeign { try await StagingWork.requireHarmlessRole(login, resources) }
        let part = try await PartReader(
            manifest: manifest, references: references, project: project, keys: keys, router: router,
            lookup: ProjectIndex.forReading(project, resources: resources))
        let tables = try await StagedVerification.tables(of: part.manifest, recorded: counts)
        return (
            InPlaceItem(login: login, oid: oid, job: job), part,
            DumpedCounts(tables: tables, largeObjects: counts.largeObjects)
        )
    }

    private func read<Result>(
        _ part: PartReader, _ step: String, _ service: ServiceReference,
        _ consume: (@escaping DumpSource) async throws -> Result
    ) async throws -> Result {
        let (meter, total) = (meter, Int64(clamping: part.manifest.referencedBytes))
        let bytes = ByteCount()
        return try await part.readDump { next in
            try await consume {
                let piece = try await next()
                meter.set(
                    step, service, bytes: bytes.add(piece?.count ?? 0), totalBytes: total, isUncounted: piece == nil)
                return piece
            }
        }
    }
}

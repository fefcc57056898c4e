import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// Compares what was staged with what was counted when the backup was made.
struct StagedVerification {
    let resources: WorkerResources
    let message: VerifyStaged
    let keys: ProjectKeys
    let router: ObjectRouter
    let meter: ProgressMeter

    init(_ message: VerifyStaged, resources: WorkerResources, meter: ProgressMeter) throws {
        self.message = message
        self.resources = resources
        self.meter = meter
        keys = try ProjectKeys(serialized: message.keys)
        router = resources.router(message.project, message.terms, meter)
    }

    func run() async throws {
        for item in message.services {
            switch (item.stage.content, item.staged.content) {
            case (.part(_, let manifest, _, let counts, _), .database(_, let staged, let name)):
                try await verify(
                    StagedDatabase(oid: staged, name: name), against: manifest, counts, item.stage.target)
            case (.part(_, let manifest, _, let counts, let isForeign), .media(_, let identity, _)):
                try await verify(identity, against: manifest, counts, isForeign, item.stage.target)
            case (_, .databaseInPlace):
                // Counted within the swap's transaction, which alone sees it.
                break
            case (.kept, .database(_, let staged, let name)):
                let login = try resources.login(item.stage.target)
                guard try await resources.databases.find(name, on: login)?.oid == staged else {
                    throw HoldfastError(
                        .checkFailed, "\(login.address): the kept database \(name) is gone; restore the safety backup")
                }
            case (.kept, .media(_, let identity, _)):
                _ = try staging(identity, item.stage.target)
            }
        }
    }

    private func verify(
        _ staged: StagedDatabase, against manifest: ObjectName, _ counts: BackupPart.Counts, _ target: ServiceTarget
    ) async throws {
        guard case .database(let counts) = counts else { throw StagingWork.wrongContent(target.service) }
        let tables = try await Self.tables(of: try await open(manifest), recorded: counts)
        meter.set("verify", target.service, bytes: 0, isUncounted: true)
        let differences = try await resources.databases.differences(
            of: staged, beside: try resources.login(target), tables: tables, largeObjects: counts.largeObjects)
        guard differences.isEmpty else {
            throw HoldfastError(
                .checkFailed,
                "\(target.service) is not what was backed up: " + differences.prefix(10).joined(separator: "; ")
                    + (differences.count > 10 ? "; and \(differences.count - 10) more" : ""))
        }
    }

    /// The tables that were counted.
    /// - Throws: `checkFailed` where they are not those that were recorded.
    static func tables(
        of manifest: ManifestReader<ObjectRouter>, recorded counts: DatabaseCounts
    ) async throws -> [DumpTable] {
        let tables = try await manifest.database().tables()
        let rows = tables.reduce(Int64(0)) { $0.addingClamped($1.rows) }
        guard tables.count == counts.tables, rows == counts.rows else {
            throw HoldfastError(
                .checkFailed,
                """
                The manifest lists \(tables.count) tables with \(rows) rows, and the backup was recorded with \
                \(counts.tables) and \(counts.rows): restore another backup
                """)
        }
        return tables
    }

    private func verify(
        _ identity: FileIdentity, against manifest: ObjectName, _ counts: BackupPart.Counts, _ isForeign: Bool,
        _ target: ServiceTarget
    ) async throws {
        guard case .media(let counts) = counts else { throw StagingWork.wrongContent(target.service) }
        let staging = try staging(identity, target)
        let reader = try await open(manifest)
        let meter = meter
        let verification = MediaVerify(
            staging: staging, adjustment: isForeign ? try .fromAnotherProject(into: staging.root) : .none,
            progress: { meter.set("verify", target.service, bytes: $0, items: $1) })
        let outcome = try await verification.verify(
            ManifestEntries(try reader.media()), counts: isForeign ? nil : counts)
        try outcome.check()
    }

    private func staging(_ identity: FileIdentity, _ target: ServiceTarget) throws -> MediaStaging {
        let root = try resources.root(target)
        guard let staging = try MediaStaging.find(in: root, job: message.order.job, expected: identity) else {
            throw HoldfastError(.checkFailed, "What was staged in '\(root.path)' is gone; restore again")
        }
        return staging
    }

    private func open(_ manifest: ObjectName) async throws -> ManifestReader<ObjectRouter> {
        try await ManifestReader.open(source: router, keys: keys, project: message.project, name: manifest)
    }
}

import HoldfastCommands
import HoldfastModel
import HoldfastWire

/// What is in a backup, as a node reads it in the manifest.
extension CoordinatorCommands {
    func listTables(_ list: BackupTableList) async throws -> CommandResult {
        try Self.require(list.limit, in: BackupTableList.limitRange)
        guard list.after >= 0 else { throw HoldfastError(.invalidArgument, "A page begins after 0 tables or more") }
        let look = try await look(into: list.backup, .database, list.source)
        let message = ListTables(
            project: look.project, keys: look.keys, manifest: look.part.manifest, terms: look.terms,
            after: list.after, limit: list.limit)
        let (reply, bulk) = try await office.call(look.node, message, bulk: [])
        let tables = try WireJSON.value([BackupTable].self, from: bulk, "list of tables")
        let end = list.after + tables.count
        return .tables(
            BackupTablePage(
                backup: list.backup, service: look.part.service, total: reply.total, tables: tables,
                next: tables.isEmpty || end >= reply.total ? nil : end))
    }

    func listFiles(_ list: BackupFileList) async throws -> CommandResult {
        try Self.require(list.limit, in: BackupFileList.limitRange)
        let look = try await look(into: list.backup, .media, list.source)
        let message = ListFiles(
            project: look.project, keys: look.keys, manifest: look.part.manifest, terms: look.terms,
            path: list.path ?? "", from: list.from, limit: list.limit)
        let (reply, bulk) = try await office.call(look.node, message, bulk: [])
        return .files(
            BackupFilePage(
                backup: list.backup, service: look.part.service, path: list.path ?? "",
                files: try WireJSON.value([BackupFile].self, from: bulk, "list of files"), next: reply.next))
    }

    static func require(_ limit: Int, in range: ClosedRange<Int>) throws {
        guard range.contains(limit) else {
            throw HoldfastError(
                .invalidArgument, "A page has from \(range.lowerBound) to \(range.upperBound) lines")
        }
    }

    /// What it takes to have a node look into a part.
    struct Look {
        var part: BackupPart
        var project: ProjectID
        var keys: Secret
        var terms: PlacementTerms
        var node: NodeID
    }

    /// - Throws: `checkFailed` for one that isn't stored whole.
    func storedBackup(_ id: BackupID) async throws -> Backup {
        let backup = try await backup(id).value
        guard backup.isStored(at: office.clock.now) else {
            throw HoldfastError(
                .checkFailed,
                "Backup \(id) is \(backup.state.rawValue); one can look into a complete one, and into a deleted one that can be taken back"
            )
        }
        return backup
    }

    private func look(into id: BackupID, _ kind: ServiceKind, _ wanted: ServiceReference?) async throws -> Look {
        let backup = try await storedBackup(id)
        return try await look(at: try backup.part(kind, wanted), of: backup)
    }

    func look(at part: BackupPart, of backup: Backup) async throws -> Look {
        let actor = await office.projects[backup.environment.project]
        let project = try await actor.record(backup.project).value
        return Look(
            part: part, project: project.id, keys: try await actor.keys(of: project),
            terms: await office.termsForReading(project.policy),
            node: try await office.reader(for: backup.environment, of: project))
    }
}

extension Backup {
    /// The one part of the kind, or the one that is wanted.
    ///
    /// - Throws: `notFound`; `invalidArgument` where there are several, or the one that is wanted is of another kind.
    func part(_ kind: ServiceKind, _ wanted: ServiceReference?) throws(HoldfastError) -> BackupPart {
        let fitting = parts.filter { $0.service.kind == kind }
        if let wanted {
            guard wanted.kind == kind else {
                throw HoldfastError(.invalidArgument, "\(wanted) is no \(kind.rawValue)")
            }
            guard let part = fitting.first(where: { $0.service == wanted }) else {
                throw HoldfastError(.notFound, "Backup \(id) has no \(wanted)")
            }
            return part
        }
        guard let only = fitting.first else {
            throw HoldfastError(.notFound, "Backup \(id) has no \(kind.rawValue)")
        }
        guard fitting.count == 1 else {
            let names = fitting.map(\.service.description).joined(separator: " or --of ")
            throw HoldfastError(.invalidArgument, "Backup \(id) has several: say which with --of \(names)")
        }
        return only
    }
}

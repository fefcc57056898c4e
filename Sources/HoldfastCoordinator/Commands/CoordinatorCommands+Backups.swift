import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    static let noteLimit = 1000

    func createBackup(
        _ create: BackupCreate, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let environment = try await office.environments.record(create.environment)
        let project = try await office.projects[create.environment.project].record().value
        let services = try create.services.choose(
            from: environment.value.services.map(\.reference), of: "\(create.environment)")
        guard create.note?.utf8.count ?? 0 <= Self.noteLimit else {
            throw HoldfastError(.tooLarge, "The note is longer than \(Self.noteLimit) bytes")
        }
        let id: BackupID = office.identifier()
        let job = try await office.startBackup(
            id, of: environment, project, services, trigger: .onDemand, note: create.note, fullRead: create.fullRead,
            author: principal.name)
        let accepted = Accepted(job: job.id, backup: id)
        guard try await launch(job, accepted, wait: create.wait, report) != nil else { return .accepted(accepted) }
        return .backup(try await detail(of: try await backup(id).value, principal))
    }

    /// Newest first.
    func listBackups(_ list: BackupList, _ principal: Principal) async throws -> CommandResult {
        let limit = min(max(list.limit, 1), 1000)
        var found: [Backup] = []
        var last = try await list.after.asyncMap { try await backup($0) }
        let isVisible = try await office.visibility(to: principal)
        repeat {
            let page = try await office.catalog.list(
                Backup.self, scope: list.environment?.description,
                group: list.environment == nil ? list.project?.text : nil, descending: true, limit: 500, after: last)
            found += page.map(\.value).filter { backup in
                (list.project ?? backup.environment.project) == backup.environment.project
                    && (list.trigger ?? backup.trigger) == backup.trigger
                    && (list.includeDeleted || backup.state != .deleted)
                    && isVisible(backup.environment.project, backup.project)
            }
            last = page.count == 500 ? page.last : nil
        } while last != nil && found.count < limit
        if found.isEmpty, list.after == nil { try await requireKnown(list) }
        return .backups(Array(found.prefix(limit)))
    }

    /// An empty list of something that never was is a mistyped name. Backups outlive their environment.
    private func requireKnown(_ list: BackupList) async throws {
        if let environment = list.environment {
            _ = try await office.environments.record(environment)
        } else if let project = list.project {
            _ = try await office.projects[project].record()
        }
    }

    func showBackup(_ id: BackupID, _ principal: Principal) async throws -> CommandResult {
        .backup(try await detail(of: try await backup(id).value, principal))
    }

    func cancelBackup(_ id: BackupID) async throws -> CommandResult {
        let job = try await backup(id).value.job
        try await office.noteChange()
        let feed = await office.feeds.watch(job)
        guard await office.jobs.cancel(job) else {
            if !(await office.jobs.isRunning(job)) { await office.feeds.close(job) }
            throw HoldfastError(.conflict, "Backup \(id) is \(try await backup(id).value.state.rawValue), not running")
        }
        for await _ in feed {}
        try Task.checkCancellation()
        let state = try await backup(id).value.state
        guard state == .cancelled else {
            throw HoldfastError(.conflict, "Backup \(id) was \(state.rawValue) before it could be cancelled")
        }
        return .done("Backup \(id) was cancelled")
    }

    /// Reads everything the backup refers to; what is damaged is in the result.
    func verifyBackup(
        _ id: BackupID, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let stored = try await backup(id)
        guard stored.value.state == .complete else {
            throw HoldfastError(
                .checkFailed, "Backup \(id) is \(stored.value.state.rawValue); only a complete one can be verified")
        }
        let job = Job(
            id: office.identifier(), project: stored.value.project, environment: stored.value.environment,
            author: principal.name, createdAt: office.now, machine: .verify(VerifyMachine(backup: id)))
        var changes = Changes()
        try changes.put(stored.value, over: stored)
        try await office.create(job, "verify backup \(id), by \(principal.name)", changes)
        do {
            _ = try await launch(job, Accepted(job: job.id, backup: id), wait: true, report)
        } catch let error as HoldfastError where error.code == .corrupt {
            // Damage found is what the command was asked for.
            guard case .verify(let machine) = try await self.job(job.id).machine, case .finished = machine.ending else {
                throw error
            }
        }
        guard case .verify(let machine) = try await self.job(job.id).machine,
            case .finished(let result) = machine.ending
        else { throw HoldfastError(.internal, "Job \(job.id) ended without a report") }
        return .verified(id, result)
    }

    /// Marks it as deleted; its objects are collected once it can't be taken back any more.
    func deleteBackup(_ id: BackupID, now: Bool, _ principal: Principal) async throws -> CommandResult {
        let stored = try await backup(id)
        switch stored.value.state {
        case .deleted where now && stored.value.removedAt == nil: break
        case .deleted: return .done("Backup \(id) was deleted before")
        case .running: throw HoldfastError(.busy, "Backup \(id) is being made: cancel it first")
        case .complete, .failed, .cancelled: break
        }
        if let user = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value)
            .first(where: { $0.machine.isAtWork && $0.machine.uses(id) })
        {
            throw HoldfastError(
                .busy, "Backup \(id) is in use by job \(user.id): wait for it, or cancel it",
                context: ["job": user.id.text])
        }
        if let hold = try await office.downloadHolds().hold(of: id) {
            throw HoldfastError(
                .busy,
                """
                Backup \(id) is needed by download \(hold.download)\(hold.until.map { " until \($0)" } ?? ""): revoke \
                that with `holdfast download revoke \(hold.download)`, or wait
                """,
                context: ["download": hold.download.text])
        }
        var backup = stored.value
        let project = try await office.catalog.get(Project.self, backup.environment.project)?.value
        let environment = try await office.catalog.get(Environment.self, backup.environment)?.value
        let policy = RetentionPolicy(project: project?.retention, environment: environment?.retention)
        // By the clock that collection goes by.
        backup.delete(at: office.clock.now, windowDays: now ? 0 : policy.windowDays, reason: "by \(principal.name)")
        var changes = Changes()
        try changes.put(backup, over: stored)
        changes.writes.append(
            .journal(backup.job, at: office.now, entry: JournalText("backup: deleted, by \(principal.name)").entry))
        try await office.ledger.commit(changes)
        guard let end = backup.removableAt, end > office.clock.now else {
            if let lock = backup.receipt?.lockedUntil, lock > office.clock.now {
                return .done(
                    "Backup \(id) was deleted for good; nodes keep what is locked of it until \(lock.plain) UTC")
            }
            return .done("Backup \(id) was deleted for good")
        }
        return .done("Backup \(id) was deleted; until \(end.plain) UTC it can be taken back")
    }

    // MARK: parts

    func backup(_ id: BackupID) async throws -> Stored<Backup> {
        guard let stored = try await office.catalog.get(Backup.self, id) else {
            throw HoldfastError(.notFound, "There is no backup \(id)")
        }
        return stored
    }

    private func detail(of backup: Backup, _ principal: Principal) async throws -> BackupDetail {
        let restores = try await restoreJobs(on: nil).compactMap(RestoreDetail.init(of:)).filter {
            $0.source == .backup(backup.id) && principal.has(.viewer, in: $0.destination.project)
        }
        let scene = try await office.scene(of: backup.environment).scene
        let review = RetentionReview(scene).foreseen(with: try await office.plan(of: backup.environment))
        return BackupDetail(
            backup: backup, nodeNames: await office.registry.names, restores: restores,
            retention: review.verdicts.first { $0.backup == backup.id })
    }
}

extension Job.Machine {
    /// Whether the job reads the backup, or makes it.
    func uses(_ backup: BackupID) -> Bool {
        switch self {
        case .backup(let machine): machine.backup == backup
        case .restore(let saga): saga.plan.source == .backup(backup) || saga.plan.safetyBackup == backup
        case .verify(let machine): machine.backup == backup
        case .collect, .repair: false
        case .download(let machine): machine.backup == backup
        case .fileRestore(let machine): machine.plan.backup == backup
        }
    }
}

extension [ServiceSelector] {
    /// Those of `services` that any selector names; all for no selectors.
    ///
    /// - Throws: `notFound` for a selector that names none, `checkFailed` where there are none at all.
    func choose(from services: [ServiceReference], of what: String) throws -> [ServiceReference] {
        guard !services.isEmpty else {
            throw HoldfastError(.checkFailed, "\(what) has no services: add them with `holdfast service set`")
        }
        for selector in self where !services.contains(where: selector.selects) {
            let name =
                switch selector {
                case .kind(let kind): "\(kind.rawValue) service"
                case .service(let reference): "service \(reference)"
                }
            throw HoldfastError(
                .notFound, "\(what) has no \(name); it has \(services.map(\.description).joined(separator: ", "))")
        }
        return isEmpty ? services : services.filter { service in contains { $0.selects(service) } }
    }
}

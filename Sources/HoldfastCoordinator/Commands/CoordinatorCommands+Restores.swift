import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func planRestore(_ request: RestoreRequest) async throws -> CommandResult {
        let orders = RestoreOrders(office: office)
        let plan = try await orders.plan(for: request).plan
        let backup = try await backup(request.backup).value
        let context = try await RestoreContext.load(plan, job: office.identifier(), office)
        let overwritten = plan.mappings.compactMap { mapping in
            context.destination.services.first { $0.reference == mapping.to }?.detail
        }
        return .restorePlan(
            RestorePlanResult(
                backup: backup, destination: request.destination, mappings: plan.mappings,
                willBeOverwritten: overwritten, takesSafetyBackup: plan.safetyBackup != nil,
                undoWindowSeconds: plan.undoWindowSeconds,
                report: try await office.check(context, on: plan.node)))
    }

    func startRestore(
        _ request: RestoreRequest, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let orders = RestoreOrders(office: office)
        let (plan, environment) = try await orders.plan(for: request)
        let job = try await orders.create(plan, environment, author: principal.name)
        return try await answer(job, wait: request.wait, report)
    }

    func undoRestore(
        _ undo: UndoRequest, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let orders = RestoreOrders(office: office)
        let (plan, environment, isExact) = try await orders.plan(for: undo)
        let job = try await orders.create(plan, environment, author: principal.name)
        if !isExact, case .backup(let safety) = plan.source {
            let taken = try await backup(safety).value
            await report(
                .note(
                    """
                    The old content of restore \(undo.restore) is no longer kept: its safety backup \(safety), of \
                    \((taken.endedAt ?? taken.createdAt).plain) UTC, is restored instead
                    """))
        }
        return try await answer(job, wait: undo.wait, report)
    }

    private func answer(
        _ job: Job, wait: Bool, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let accepted = Accepted(job: job.id)
        guard let end = try await launch(job, accepted, wait: wait, report), let detail = RestoreDetail(of: end) else {
            return .accepted(accepted)
        }
        return .restore(detail)
    }

    func showRestore(_ id: JobID) async throws -> CommandResult {
        .restore(try await restore(id).detail)
    }

    /// Newest first.
    func listRestores(_ environment: EnvironmentReference?, _ principal: Principal) async throws -> CommandResult {
        let isVisible = try await office.visibility(to: principal)
        let details = try await restoreJobs(on: environment).filter { isVisible($0.environment.project, $0.project) }
            .compactMap(RestoreDetail.init(of:))
        return .restores(details.sorted { ($1.createdAt, $1.job) < ($0.createdAt, $0.job) })
    }

    /// Returns once the journal says that the restore goes back: a successor would go on with one that was only told so.
    func cancelRestore(_ id: JobID) async throws -> CommandResult {
        let (stored, saga, _) = try await restore(id)
        if saga.isCancellable { try await office.noteChange() }
        // Begun only for a job that there is, since its feed is kept until the job ends.
        let feed = await office.feeds.watch(id)
        guard saga.isCancellable, await office.jobs.cancel(id) else {
            if !(await office.jobs.isRunning(id)) { await office.feeds.close(id) }
            throw Self.tooLate(stored.value, saga)
        }
        for await event in feed {
            if case .step = event, !(try await restore(id).saga.isCancellable) { break }
        }
        try Task.checkCancellation()
        let (after, latest, _) = try await restore(id)
        guard !latest.isCancellable else {
            throw HoldfastError(
                .unavailable,
                "The coordinator is stopping, and restore \(id) goes on after its next start: cancel it then",
                context: ["job": id.text])
        }
        guard latest.reversal == .cancelled else { throw Self.tooLate(after.value, latest) }
        return .done("Restore \(id) is being cancelled: what it has staged is dropped")
    }

    private static func tooLate(_ job: Job, _ saga: RestoreSaga) -> HoldfastError {
        HoldfastError(
            .conflict,
            """
            Restore \(job.id) is \(job.status.rawValue) in step \(saga.stepTitle) and can't be cancelled: once it has \
            succeeded, it can be undone
            """)
    }

    func resumeRestore(_ id: JobID) async throws -> CommandResult {
        var (stored, saga, _) = try await restore(id)
        guard saga.attention != nil else {
            throw HoldfastError(
                .conflict, "Restore \(id) is \(stored.value.status.rawValue) and waits for nobody's help")
        }
        let isAcceptance = saga.step == .confirm
        saga.apply(.resumed)
        var job = stored.value
        job.reflect(.restore(saga), at: office.now)
        var changes = Changes()
        try changes.put(job, over: stored)
        let text = RestoreSaga.Event.resumed.text + (isAcceptance ? ", who accepts what is live" : "")
        changes.writes.append(.journal(id, at: office.now, entry: JournalText(text).entry))
        try await office.ledger.commit(changes)
        stored.value = job
        await office.jobs.start(job, in: office)
        return .accepted(Accepted(job: id))
    }

    // MARK: parts

    private func restore(_ id: JobID) async throws -> (stored: Stored<Job>, saga: RestoreSaga, detail: RestoreDetail) {
        guard let stored = try await office.catalog.get(Job.self, id), case .restore(let saga) = stored.value.machine,
            let detail = RestoreDetail(of: stored.value)
        else { throw HoldfastError(.notFound, "There is no restore \(id)") }
        return (stored, saga, detail)
    }

    /// Those that are open, and the last few hundred that have ended.
    func restoreJobs(on environment: EnvironmentReference?) async throws -> [Job] {
        let group = environment?.description
        let open = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue, group: group)
        let ended = try await office.catalog.list(
            Job.self, scope: Job.Scope.ended.rawValue, group: group, descending: true, limit: 500)
        return (open + ended).map(\.value).filter { $0.kind == .restore }
    }
}

extension RestoreDetail {
    /// Nil for another kind of job.
    init?(of job: Job) {
        guard case .restore(let saga) = job.machine else { return nil }
        var undoneBy: JobID?
        if case .undone(let by) = saga.ending { undoneBy = by }
        self.init(
            job: job.id, source: saga.plan.source, destination: saga.plan.destination, mappings: saga.plan.mappings,
            status: job.status, step: saga.step, author: job.author, createdAt: job.createdAt, endedAt: job.endedAt,
            safetyBackup: saga.plan.safetyBackup, isInPlace: saga.inPlace == nil ? nil : true,
            undoUntil: saga.step == .kept ? saga.undoUntil : nil, undoneBy: undoneBy, waitingFor: job.waitingFor,
            attention: saga.attention, failure: job.machine.failure,
            warnings: saga.warnings)
    }
}

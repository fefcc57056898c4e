import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    private static let listLimit = 200
    private static let journalLimit = 1000

    /// Newest first.
    func listJobs(all: Bool, _ principal: Principal) async throws -> CommandResult {
        var jobs = try await visibleOpenJobs(principal).filter { all || $0.machine.isAtWork }
        if all {
            let ended = try await office.catalog.list(
                Job.self, scope: Job.Scope.ended.rawValue, descending: true, limit: Self.listLimit)
            let isVisible = try await office.visibility(to: principal)
            jobs += ended.map(\.value).filter { isVisible($0.environment.project, $0.project) }
        }
        return .jobs(try await summaries(of: jobs.sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }))
    }

    func showJob(_ id: JobID) async throws -> CommandResult {
        let job = try await job(id)
        let journal = try await office.catalog.journal(of: id, after: 0, limit: Self.journalLimit)
        return .job(
            JobDetail(
                summary: await summary(of: job),
                journal: journal.map { entry in
                    JournalLine(
                        number: entry.number, at: entry.at,
                        text: JournalText(entry: entry.entry)?.text ?? "an entry of a later version")
                }))
    }

    func watchJob(_ id: JobID, _ report: @Sendable (CommandEvent) async -> Void) async throws -> CommandResult {
        let feed = await office.feeds.watch(id)
        let isRunning = await office.jobs.isRunning(id)
        // Nobody would end what was just begun to be watched.
        if !isRunning { await office.feeds.close(id) }
        let before = try await job(id)
        if isRunning {
            await report(.step(before.machine.stepName))
            if let what = before.waitingFor { await report(.waiting(what)) }
            if let progress = await office.feeds.progress(of: id) { await report(.progress(progress)) }
        }
        let after = isRunning ? try await follow(id, feed, report) : try Self.result(of: before)
        return .job(JobDetail(summary: await summary(of: after), journal: []))
    }

    func cancelJob(_ id: JobID) async throws -> CommandResult {
        let before = try await job(id)
        switch before.machine {
        case .backup(let machine): return try await cancelBackup(machine.backup)
        case .restore: return try await cancelRestore(id)
        case .verify, .collect, .download, .repair, .fileRestore: break
        }
        try await office.noteChange()
        let feed = await office.feeds.watch(id)
        guard await office.jobs.cancel(id) else {
            if !(await office.jobs.isRunning(id)) { await office.feeds.close(id) }
            throw HoldfastError(.conflict, "Job \(id) is \(before.status.rawValue), not running")
        }
        for await _ in feed {}
        try Task.checkCancellation()
        let after = try await job(id)
        switch after.status {
        case .cancelled: return .done("Job \(id) was cancelled")
        case .running, .waiting, .queued, .needsAttention:
            throw HoldfastError(
                .unavailable,
                "The coordinator is stopping, and job \(id) goes on after its next start: cancel it then",
                context: ["job": id.text])
        case .succeeded, .failed:
            throw HoldfastError(.conflict, "Job \(id) has \(after.status.rawValue) before it could be cancelled")
        }
    }

    // MARK: parts

    func visibleOpenJobs(_ principal: Principal) async throws -> [Job] {
        let isVisible = try await office.visibility(to: principal)
        return try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value)
            .filter { isVisible($0.environment.project, $0.project) }
    }

    func summaries(of jobs: [Job]) async throws -> [JobSummary] {
        var summaries: [JobSummary] = []
        for job in jobs { summaries.append(await summary(of: job)) }
        return summaries
    }

    /// What is in the way of a queued job changes; the journal has what it was when the job began to wait.
    private func waitingFor(_ job: Job) async -> String? {
        guard job.status == .queued else { return job.waitingFor }
        return await office.places.waitingFor(job.id) ?? job.waitingFor
    }

    func summary(of job: Job) async -> JobSummary {
        JobSummary(
            id: job.id, kind: job.kind, environment: job.environment, status: job.status,
            step: job.machine.stepName, author: job.author, createdAt: job.createdAt, endedAt: job.endedAt,
            waitingFor: await waitingFor(job), attention: job.machine.attention,
            progress: await office.feeds.progress(of: job.id))
    }
}

import HoldfastCatalog
import HoldfastModel
import Logging

extension Office {
    /// Writes the project anew, so that who erases it at the same time finds it changed.
    func standing(_ project: Project) async throws -> Changes {
        guard let stored = try await catalog.get(Project.self, project.name), stored.value.id == project.id else {
            throw HoldfastError(.notFound, "There is no project \(project.name)")
        }
        var changes = Changes()
        try changes.put(stored.value, over: stored)
        return changes
    }

    /// Admits a new job to its environment and writes it to the catalog.
    ///
    /// - Throws: `busy` where what is at work on the environment leaves no room for it.
    func create(_ job: Job, _ text: String, _ changes: Changes) async throws {
        let environment = await environments[job.environment]
        try await environment.admit(job.id, job.kind)
        do {
            var all = changes
            try all.insert(job)
            all.writes.append(.journal(job.id, at: now, entry: JournalText(text).entry))
            try await ledger.commit(all)
        } catch {
            // Where the outcome is not known, what was written counts; unless it is another's to go on with.
            let code = HoldfastError(error).code
            if code != .conflict, code != .deposed, try await catalog.get(Job.self, job.id) != nil { return }
            await environment.dismiss(job.id)
            throw error
        }
    }

    /// Takes up every job that an earlier coordinator left open. Places on the environments are given out before any of
    /// them begins, first to the restores that may be in the middle of an exchange.
    func resumeJobs() async throws {
        let jobs = try await catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value).filter(
            \.machine.isAtWork)
        let exchanging = jobs.filter(\.isExchanging)
        for job in exchanging + jobs.filter({ !$0.isExchanging }) {
            let environment = await environments[job.environment]
            do {
                // What only tidies up after a restore is in nobody's way.
                if job.machine.stepName != RestoreSaga.Step.clean.rawValue {
                    try await environment.admit(job.id, job.kind)
                }
                if case .restore(let saga) = job.machine, job.isExchanging {
                    try await physical.exchange(job.id, saga.identities)
                    try await environment.enter(.exchange, job.id)
                }
            } catch {
                logger.error("Job \(job.id) was open beside others: \(error)")
            }
        }
        // Those that were at work go on before those that waited for their turn.
        await places.expect(jobs.filter { $0.status == .running }.map(\.id))
        for job in jobs { await self.jobs.start(job, in: self) }
    }
}

extension Job {
    /// Whether its destination may be on either side.
    var isExchanging: Bool {
        guard case .restore(let saga) = machine else { return false }
        return saga.step == .swap || saga.step == .confirm
    }
}

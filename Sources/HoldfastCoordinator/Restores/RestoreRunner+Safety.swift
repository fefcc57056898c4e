import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension RestoreRunner {
    /// A backup of exactly what will be overwritten, as a job of its own. Its identifier is in the plan, so a successor
    /// finds the one that was begun.
    func takeSafetyBackup(
        _ id: BackupID, _ report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<RestoreSaga.Event> {
        let job = try await safetyJob(id)
        if let stored = try await office.catalog.get(Job.self, job)?.value, stored.machine.isAtWork {
            // Ended by whoever is at work on the job, or by the start below, even where it has just ended.
            let feed = await office.feeds.watch(job)
            await office.jobs.start(stored, in: office)
            for await event in feed {
                if case .step = event { continue }
                await report(event)
            }
        }
        try Task.checkCancellation()
        return try await judge(id)
    }

    private func safetyJob(_ id: BackupID) async throws -> JobID {
        if let backup = try await office.catalog.get(Backup.self, id)?.value { return backup.job }
        let environment = try await office.environments.record(plan.destination)
        let project = try await office.projects[plan.destination.project].record().value
        return try await office.startBackup(
            id, of: environment, project, plan.mappings.map(\.to), trigger: .safety,
            note: "before restore \(self.id)", author: author
        ).id
    }

    private func judge(_ id: BackupID) async throws -> Outcome<RestoreSaga.Event> {
        let backup = try await office.catalog.get(Backup.self, id)?.value
        let reason: String
        switch backup?.state {
        case .complete: return Outcome(.safe)
        // Left open by a coordinator that is shutting down.
        case .running: throw CancellationError()
        case .failed: reason = "failed: \(backup?.failure?.message ?? "no reason given")"
        case .cancelled: reason = "was cancelled"
        case .deleted, nil: reason = "is gone"
        }
        throw HoldfastError(
            .checkFailed,
            """
            The safety backup \(id) of \(plan.destination) \(reason). Nothing was changed. If the old content can't be \
            backed up and you can do without, restore again with --without-safety
            """,
            context: ["backup": id.text])
    }

    /// A restore that goes back needs its safety backup no more, if that is still being made.
    func cancelSafetyBackup() async {
        guard let id = plan.safetyBackup, let backup = try? await office.catalog.get(Backup.self, id)?.value,
            backup.state == .running
        else { return }
        _ = await office.jobs.cancel(backup.job)
    }
}

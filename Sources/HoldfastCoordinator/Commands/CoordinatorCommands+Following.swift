import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    /// Sets to work on a job that was just created, and, where asked, follows it to its end.
    func launch(
        _ job: Job, _ accepted: Accepted, wait: Bool, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> Job? {
        // Watched before it begins, so that nothing is missed.
        let feed = await office.feeds.watch(job.id)
        await office.jobs.start(job, in: office)
        await report(.accepted(accepted))
        return wait ? try await follow(job.id, feed, report) : nil
    }

    /// Passes on what the job tells until nobody is at work on it any more. Who stops watching doesn't stop the job.
    ///
    /// - Throws: the job's own failure; `needsAttention` where it waits for a person; `unavailable` where the coordinator
    ///   stops first.
    func follow(
        _ id: JobID, _ feed: AsyncStream<CommandEvent>, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> Job {
        for await event in feed { await report(event) }
        try Task.checkCancellation()
        return try Self.result(of: try await job(id))
    }

    static func result(of job: Job) throws -> Job {
        if let failure = job.machine.failure { throw failure }
        if let attention = job.machine.attention {
            throw HoldfastError(
                .needsAttention,
                "Job \(job.id) can't go on from \(Job.stepTitle(attention.step)): \(attention.reason.message). \(attention.whatToDo)",
                context: ["job": job.id.text])
        }
        if job.status == .cancelled { throw HoldfastError(.cancelled, "Job \(job.id) was cancelled") }
        guard !job.machine.isAtWork || job.status == .succeeded else {
            throw HoldfastError(
                .unavailable,
                "The coordinator is stopping; job \(job.id) goes on after its next start: `holdfast job watch \(job.id)`",
                context: ["job": job.id.text])
        }
        return job
    }

    func job(_ id: JobID) async throws -> Job {
        guard let stored = try await office.catalog.get(Job.self, id) else {
            throw HoldfastError(.notFound, "There is no job \(id)")
        }
        return stored.value
    }
}

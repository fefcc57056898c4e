import HoldfastCatalog
import HoldfastModel
import Logging

/// Closes undo windows that are over and has the old content dropped.
package struct Janitor: Sendable {
    let office: Office

    package init(office: Office) { self.office = office }

    /// Until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                try await closeWindows()
            } catch {
                office.logger.error("Looking for old content to drop: \(HoldfastError(error))")
            }
            try? await office.time.sleep(for: office.configuration.janitorPause)
        }
    }

    package func closeWindows() async throws {
        for stored in try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue) {
            guard case .restore(let saga) = stored.value.machine, saga.step == .kept, let until = saga.undoUntil,
                until <= office.clock.now
            else { continue }
            do {
                try await close(stored, saga)
            } catch let error as HoldfastError where error.code == .conflict {
                // An undo was quicker.
                continue
            }
        }
    }

    private func close(_ stored: Stored<Job>, _ saga: RestoreSaga) async throws {
        var saga = saga
        saga.apply(.windowClosed)
        var job = stored.value
        job.reflect(.restore(saga), at: office.now)
        var changes = Changes()
        try changes.put(job, over: stored)
        changes.writes.append(
            .journal(job.id, at: office.now, entry: JournalText(RestoreSaga.Event.windowClosed.text).entry))
        try await office.ledger.commit(changes)
        await office.jobs.start(job, in: office)
    }
}

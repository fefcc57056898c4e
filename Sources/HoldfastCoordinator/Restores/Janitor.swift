import HoldfastCatalog
import HoldfastModel
import Logging

/// Ends what is over by its time: closes undo windows and has the old content dropped, and marks downloads as expired.
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
            do {
                try await expireDownloads()
            } catch {
                office.logger.error("Looking for downloads that have expired: \(HoldfastError(error))")
            }
            do {
                try await forget()
            } catch {
                office.logger.error("Forgetting old sessions and changes: \(HoldfastError(error))")
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

    /// Their links are refused from the instant on; this only takes them off the list of those that hold something.
    package func expireDownloads() async throws {
        for stored in try await office.catalog.all(Download.self, scope: Download.Scope.live.rawValue)
        where stored.value.state(at: office.clock.now) == .expired {
            var download = stored.value
            download.state = .expired
            var changes = Changes()
            try changes.put(download, over: stored)
            do {
                try await office.ledger.commit(changes)
            } catch let error as HoldfastError where error.code == .conflict {
                // It was revoked meanwhile.
                continue
            }
        }
    }

    /// Sessions, invitations and answers that are over by their time, which nobody could use any more, and changes of long ago.
    package func forget() async throws {
        try await AuditLog(office: office).forgetOld()
        let oldest = try await office.catalog.list(Session.self, scope: Session.scope, limit: 200)
        var changes = Changes()
        for stored in oldest where stored.value.expiresAt <= office.clock.now {
            changes.writes.append(.delete(stored.value))
        }
        let answers = try await office.catalog.list(StoredAnswer.self, scope: StoredAnswer.scope, limit: 500)
        for stored in answers where stored.value.isOver(at: office.clock.now) {
            changes.writes.append(.delete(stored.value))
        }
        let invitations = try await office.catalog.list(Invitation.self, scope: Invitation.scope, limit: 200)
        for stored in invitations where stored.value.expiresAt <= office.clock.now {
            changes.writes.append(.delete(stored.value))
        }
        if !changes.writes.isEmpty { try await office.ledger.commit(changes) }
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

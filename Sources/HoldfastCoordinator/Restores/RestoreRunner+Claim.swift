import HoldfastCatalog
import HoldfastModel

extension RestoreRunner {
    func claim(_ identities: [PhysicalIdentity]) async throws -> Outcome<RestoreSaga.Event> {
        var (number, changes) = try await office.claim(identities, for: id, destination: plan.destination)
        changes.add(try await takingOver(identities))
        return Outcome(.claimed(number: number), changes: changes)
    }

    func releaseOfClaim() async throws -> Changes {
        var changes = Changes()
        if let claim = try await office.catalog.get(Claim.self, id) { changes.delete(claim) }
        return changes
    }

    /// An exact undo takes what an earlier restore kept.
    private func takingOver(_ identities: [PhysicalIdentity]) async throws -> Changes {
        guard case .kept(let earlier) = plan.source else { return Changes() }
        guard let stored = try await office.catalog.get(Job.self, earlier),
            case .restore(var saga) = stored.value.machine, saga.step == .kept
        else {
            throw HoldfastError(
                .checkFailed, "Restore \(earlier) no longer keeps the old content: restore its safety backup instead")
        }
        if let later = try await office.laterRestore(than: stored.value, saga, over: identities) {
            throw Office.touched(by: later, saga)
        }
        saga.apply(.takenOver(by: id))
        return try changes(of: stored, saga, "restore \(id) takes over the old content")
    }

    /// What an undo that goes back owes to the restore it was to undo.
    func givingBack() async throws -> Changes {
        guard case .kept(let earlier) = plan.source, let stored = try await office.catalog.get(Job.self, earlier),
            case .restore(var saga) = stored.value.machine, saga.ending == .undone(by: id)
        else { return Changes() }
        saga.apply(.givenBack)
        return try changes(of: stored, saga, "restore \(id) gave the old content back")
    }

    private func changes(of stored: Stored<Job>, _ saga: RestoreSaga, _ text: String) throws -> Changes {
        var job = stored.value
        job.reflect(.restore(saga), at: office.now)
        var changes = Changes()
        try changes.put(job, over: stored)
        changes.writes.append(.journal(job.id, at: office.now, entry: JournalText(text).entry))
        return changes
    }
}

extension Office {
    /// Reserves a destination. All claims are read, and written under the revision of one guard record, so of two jobs
    /// that claim at the same time one has to look again.
    ///
    /// - Throws: `busy`.
    func claim(
        _ identities: [PhysicalIdentity], for job: JobID, destination: EnvironmentReference
    ) async throws -> (number: Int64, changes: Changes) {
        let guardian = try await catalog.get(Setting<Int64>.self, .claims)
        for claim in try await catalog.all(Claim.self).map(\.value) where claim.job != job {
            if claim.identities.contains(where: { mine in identities.contains { $0.overlaps(mine) } }) {
                throw HoldfastError(
                    .busy,
                    """
                    \(destination) is in use by restore \(claim.job) into \(claim.destination), by this name or \
                    another: wait for it, or cancel it
                    """,
                    context: ["job": claim.job.text])
            }
        }
        let number = (guardian?.value.value ?? 0) + 1
        var changes = Changes()
        let setting = Setting(.claims, number)
        if let guardian { try changes.put(setting, over: guardian) } else { try changes.insert(setting) }
        try changes.insert(Claim(job: job, destination: destination, identities: identities))
        return (number, changes)
    }

    /// A restore that swapped something in over the same databases or trees after `earlier` did; by claims, which are
    /// numbered, and by what the destinations physically are.
    func laterRestore(
        than earlier: Job, _ saga: RestoreSaga, over identities: [PhysicalIdentity]
    ) async throws -> JobID? {
        func isLater(_ job: Job) -> Bool {
            guard job.id != earlier.id, case .restore(let other) = job.machine, other.side == .new,
                let number = other.claimNumber, number > saga.claimNumber ?? 0
            else { return false }
            return other.identities.contains { theirs in identities.contains { $0.overlaps(theirs) } }
        }
        if let open = try await catalog.all(Job.self, scope: Job.Scope.open.rawValue).first(where: { isLater($0.value) }
        ) {
            return open.value.id
        }
        // A restore that was created long before may still have claimed later: a month is looked back.
        let horizon = earlier.createdAt.advanced(by: .seconds(-30 * 24 * 60 * 60))
        var last: Stored<Job>?
        while true {
            let page = try await catalog.list(
                Job.self, scope: Job.Scope.ended.rawValue, descending: true, limit: 200, after: last)
            if let ended = page.first(where: { isLater($0.value) }) { return ended.value.id }
            last = page.last
            guard page.count == 200, let oldest = last?.value.createdAt, oldest > horizon else { return nil }
        }
    }

    static func touched(by later: JobID, _ saga: RestoreSaga) -> HoldfastError {
        let safety = saga.plan.safetyBackup.map {
            ", or restore the safety backup: `holdfast restore start \($0) --to \(saga.plan.destination)`"
        }
        return HoldfastError(
            .checkFailed,
            "Restore \(later) has since changed the same destination: undo that one first\(safety ?? "")",
            context: ["job": later.text])
    }
}

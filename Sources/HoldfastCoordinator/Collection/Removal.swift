import HoldfastCatalog
import HoldfastModel
import Logging

/// Which of a project's backups are removed, as the catalog has it.
struct Removal {
    private static let batch = 100

    let office: Office
    let project: ProjectID
    let name: Name

    func all() async throws -> [Backup] { try await stored().map(\.value) }

    func removed() async throws -> [Backup] { try await all().filter { $0.removedAt != nil } }

    /// Marks those that are dead, so that nobody takes one back any more. Backups that an open job reads stay for later, and
    /// those with a window while the clock can't be trusted to tell that it is over.
    ///
    /// - Returns: how many.
    func mark() async throws -> Int {
        let users = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value.machine)
            .filter(\.isAtWork)
        let now = office.clock.now
        let isTrusted = await office.retentionState.isTrusted()
        let dead = try await stored().filter { stored in
            stored.value.removedAt == nil && stored.value.isDead(at: now) && (isTrusted || !stored.value.hasWindow)
                && !users.contains { $0.uses(stored.value.id) }
        }
        try await put(dead) { $0.removedAt = now }
        return dead.count
    }

    /// The catalog may have gone back to when these were still there: their tombstones tell otherwise.
    func reconcile(with buried: [BackupID]) async throws {
        let buried = Set(buried)
        // One that is running can hold nothing, and so fails by itself.
        let revived = try await stored().filter { stored in
            buried.contains(stored.value.id) && stored.value.removedAt == nil && stored.value.state != .running
        }
        guard !revived.isEmpty else { return }
        let now = office.clock.now
        try await put(revived) { backup in
            if backup.state == .complete { backup.state = .deleted }
            backup.deletedAt = backup.deletedAt ?? now
            backup.removedAt = now
        }
        for backup in revived {
            office.logger.warning(
                "Backup \(backup.value.id) was removed before; the catalog, which is older, did not know it")
        }
    }

    /// Deletes the records of those that were removed before then. Their tombstones say what matters of them, to every node
    /// and to a catalog that goes back to when they were there.
    ///
    /// - Parameter buried: those of which every node has the tombstone.
    func forget(_ buried: Set<BackupID>, removedBefore end: Timestamp) async throws {
        let old = try await stored().filter { stored in
            guard let removedAt = stored.value.removedAt else { return false }
            return removedAt < end && buried.contains(stored.value.id)
        }
        for start in stride(from: 0, to: old.count, by: Self.batch) {
            var changes = Changes()
            for stored in old[start..<min(start + Self.batch, old.count)] { changes.delete(stored) }
            try await office.ledger.commit(changes)
        }
    }

    private func stored() async throws -> [Stored<Backup>] {
        try await office.catalog.all(Backup.self, group: name.text).filter { $0.value.project == project }
    }

    private func put(_ backups: [Stored<Backup>], _ change: (inout Backup) -> Void) async throws {
        for start in stride(from: 0, to: backups.count, by: Self.batch) {
            var changes = Changes()
            for stored in backups[start..<min(start + Self.batch, backups.count)] {
                var backup = stored.value
                change(&backup)
                try changes.put(backup, over: stored)
            }
            try await office.ledger.commit(changes)
        }
    }
}

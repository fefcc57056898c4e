import HoldfastArchive
package import HoldfastModel
package import HoldfastWire

/// Who counts an object or remembers a hold is refused it from the moment at which the project counts as erased, and takes
/// away what it has just made. What was counted before that moment is found, and goes with the rest.
extension ObjectStore {
    /// Deletes all that is here of a project whose keys are gone, and takes nothing of it from then on. Durable on return;
    /// what a crash leaves is deleted when the node starts.
    ///
    /// - Parameter bytes: the record that says that the project was erased; it stays in the place of the project's own.
    /// - Throws: `deposed`; `corrupt` for another record; `checkFailed` while a backup of it is locked; `noSpace`,
    ///   `inputOutput`.
    package nonisolated func erase(
        _ project: ProjectID, leaving bytes: [UInt8], by order: Order
    ) async throws -> Deletion {
        try await obey(order)
        let record = try SealedProjectRecord(decoding: bytes)
        guard record.project == project, record.isErased else {
            throw HoldfastError(.corrupt, "What was sent does not say that project \(project) was erased")
        }
        let path = Self.path(project)
        // First: from here on nothing of it comes back, whatever happens to the rest.
        try await recordWrites.withTurn(path) {
            // A locked one is asked for again and again; what comes for it meanwhile is not turned away.
            try await requireUnlocked(project)
            let isNew = await refuse(project)
            do {
                // Only now: no lock comes any more that this would not see.
                try await requireUnlocked(project)
                try await disk.replace(path, with: bytes)
            } catch {
                if isNew { await admit(project) }
                throw error
            }
        }
        return try await clear(project)
    }

    /// Ends what a crash or an error broke off. Where nothing is left of an erased project it reads nothing.
    nonisolated func finishErasures() async {
        for project in await erased.sorted() {
            do {
                guard try await hasLeft(project) else { continue }
                // A head alone deletes nothing.
                guard try await goodRecord(of: project)?.isErased == true else {
                    await report("Project \(project) was erased, by a record that is damaged: what is left of it stays")
                    continue
                }
                let deletion = try await clear(project)
                await report(
                    "Project \(project) was erased: \(deletion.objects) objects of it were still here, and deleted")
            } catch {
                await report(
                    "Deleting what is left of project \(project), which was erased: \(HoldfastError(error).message)")
            }
        }
    }

    private nonisolated func hasLeft(_ project: ProjectID) async throws -> Bool {
        if await hasAccounts(of: project) { return true }
        return try await !unreadableHolds(of: project).isEmpty
    }

    private func hasAccounts(of project: ProjectID) -> Bool {
        measure(project).objects > 0 || condemnedShards[project] != nil || !heldBackups(of: project).isEmpty
    }

    private nonisolated func clear(_ project: ProjectID) async throws -> Deletion {
        try await recordWrites.withTurn(CondemnedFile.directory) {
            // Before the objects, which tell whose a damaged one is.
            for hold in try await unreadableHolds(of: project) { try await setAsideHold(hold) }
            for backup in await heldBackups(of: project) { try await release(backup) }
            var deletion = Deletion()
            var directories: Set<String> = []
            for kind in ObjectKind.allCases {
                for name in await names(of: kind, in: project).sorted() {
                    try await remove(kind, name, &deletion, &directories)
                }
            }
            for directory in directories.sorted() { try await makeRemovalDurable(in: directory) }
            try await disk.removeReplaced(CondemnedFile.path(project))
            await pardon(await condemned(of: project), of: project)
            return deletion
        }
    }

    private func requireUnlocked(_ project: ProjectID) throws(HoldfastError) {
        let now = time.now
        let locks = holds.values.filter { $0.project == project && $0.isLocked(at: now) }.compactMap(\.lockedUntil)
        guard let end = locks.max() else { return }
        throw HoldfastError(
            .checkFailed, "Backups of project \(project) are locked here until \(end): they are deleted after that")
    }

    private func heldBackups(of project: ProjectID) -> [BackupID] {
        holds.values.filter { $0.project == project }.map(\.backup).sorted()
    }

    /// - Returns: whether it was taken before.
    private func refuse(_ project: ProjectID) -> Bool { erased.insert(project).inserted }
    private func admit(_ project: ProjectID) { erased.remove(project) }

    func requireNotErased(_ project: ProjectID) throws(HoldfastError) {
        guard erased.contains(project) else { return }
        throw HoldfastError(.checkFailed, "Project \(project) was erased: nothing of it is kept any more")
    }

    /// Takes a file away that no account knows, made for a project that was erased meanwhile. Durable on return.
    nonisolated func takeAway(_ path: String) async throws {
        try await disk.remove(path)
        try await makeRemovalDurable(in: DiskPath.parent(of: path))
    }
}

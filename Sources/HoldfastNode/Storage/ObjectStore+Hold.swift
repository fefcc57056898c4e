package import HoldfastModel

extension ObjectStore {
    /// Protects the objects from collection until a time; durable on return. A later hold of the same backup adds to the
    /// earlier and never shortens it. What counts as here is answered from disk; what is condemned is refused.
    ///
    /// - Parameter lockedUntil: until when nothing of the hold is given up, whoever asks; nil for no lock.
    /// - Throws: `checkFailed` where the backup was removed or the project erased, `staleLayout`, `tooLarge`, `conflict` where
    ///   the backup was held for another project, `noSpace`, `inputOutput`.
    package nonisolated func hold(
        _ backup: BackupID, project: ProjectID, objects: [ObjectName], until: Timestamp, lockedUntil: Timestamp? = nil,
        layout: UInt64
    ) async throws -> HoldOutcome {
        let path = HoldFile.path(backup)
        return try await recordWrites.withTurn(path) {
            try await check(layout: layout)
            try await requireNotErased(project)
            guard await !isBuried(backup) else {
                throw HoldfastError(.checkFailed, "Backup \(backup) was removed, and nothing can be held for it")
            }
            let (ticket, condemned) = await beginHolding(objects)
            do {
                let outcome = try await hold(
                    backup, project: project, Set(objects), condemned: condemned, until: until,
                    lockedUntil: lockedUntil,
                    at: path)
                await endHolding(ticket)
                return outcome
            } catch {
                await endHolding(ticket)
                throw error
            }
        }
    }

    private nonisolated func hold(
        _ backup: BackupID, project: ProjectID, _ objects: Set<ObjectName>, condemned: Set<ObjectName>,
        until: Timestamp, lockedUntil: Timestamp?, at path: String
    ) async throws -> HoldOutcome {
        var outcome = HoldOutcome()
        var names: [ObjectName] = []
        for object in objects.sorted() {
            if !condemned.contains(object), let size = try await sizeOnDisk(object) {
                names.append(object)
                outcome.bytes += size
            } else {
                outcome.refused.append(object)
            }
        }
        outcome.objects = names.count
        var file = HoldFile(
            header: .init(
                backup: backup, project: project, until: max(until, lockedUntil ?? until), count: names.count,
                lockedUntil: lockedUntil), names: names)
        if let earlier = try await readable(backup) {
            guard earlier.header.project == project else {
                throw HoldfastError(
                    .conflict, "Backup \(backup) is already held for project \(earlier.header.project)")
            }
            file.names = Set(earlier.names).union(names).sorted()
            file.header.until = max(file.header.until, earlier.header.until)
            file.header.lockedUntil = [lockedUntil, earlier.header.lockedUntil].compactMap(\.self).max()
            file.header.count = file.names.count
        }
        guard file.names.count <= HoldFile.nameLimit else {
            throw HoldfastError(.tooLarge, "Backup \(backup) refers to more than \(HoldFile.nameLimit) objects")
        }
        try await write(file, at: path)
        return outcome
    }

    package struct HoldOutcome: Hashable, Sendable {
        package var objects = 0
        package var bytes: Int64 = 0
        /// Those that are not here, or condemned.
        package var refused: [ObjectName] = []
    }

    /// Whether nothing of what the backup protects may be given up yet.
    func isLocked(_ backup: BackupID) -> Bool { holds[backup]?.isLocked(at: time.now) ?? false }

    /// Gives up what the backup protected.
    package nonisolated func release(_ backup: BackupID) async throws {
        let path = HoldFile.path(backup)
        try await recordWrites.withTurn(path) {
            if await isDamaged(backup) {
                try await setAside(path, because: "its backup was released and it could not be read")
            } else if try await disk.size(of: path) != nil {
                try await disk.remove(path)
                try await disk.syncDirectory(HoldFile.directory)
            }
            await forget(backup)
        }
    }

    /// Removes a hold that was over by then, and was not made longer meanwhile.
    nonisolated func releaseEnded(_ backup: BackupID, before end: Timestamp) async throws {
        let path = HoldFile.path(backup)
        try await recordWrites.withTurn(path) {
            guard let header = await holds[backup], header.until < end else { return }
            try await disk.remove(path)
            try await disk.syncDirectory(HoldFile.directory)
            await forget(backup)
        }
    }

    /// Those of the objects that some backup still protects.
    /// - Throws: `corrupt` while a hold can't be read: any object may be held by it.
    ///
    /// - Parameter project: whose holds are looked at; nil for all.
    package nonisolated func held(
        among objects: Set<ObjectName>, of project: ProjectID? = nil
    ) async throws -> Set<ObjectName> {
        let (current, damaged) = await (holds, damagedHolds)
        if let report = damaged.values.min() { throw HoldfastError(.corrupt, report) }
        let now = time.now
        var result: Set<ObjectName> = []
        for header in current.values where header.until > now && project ?? header.project == header.project {
            let path = HoldFile.path(header.backup)
            guard let file = try await HoldFile.read(path, of: header.backup, on: disk) else { continue }
            result.formUnion(objects.intersection(file.names))
        }
        return result
    }

    package nonisolated func isHeld(_ object: ObjectName) async throws -> Bool {
        try await !held(among: [object]).isEmpty
    }

    /// Nil where the object is not here, in none of the kinds: a name is a hash, so that only one kind can have it.
    private nonisolated func sizeOnDisk(_ object: ObjectName) async throws -> Int64? {
        for kind in ObjectKind.allCases {
            let path = Self.path(kind, object)
            if landings.isTaken(path) { try await landings.withTurn(path) {} }
            if let size = try await disk.size(of: path), size > 0 { return size }
        }
        return nil
    }

    private nonisolated func readable(_ backup: BackupID) async throws -> HoldFile? {
        let path = HoldFile.path(backup)
        do {
            return try await HoldFile.read(path, of: backup, on: disk)
        } catch let error as HoldfastError where error.code == .corrupt {
            try await setAside(path, because: "it could not be read, and its backup was held anew")
            return nil
        }
    }

    nonisolated func write(_ file: HoldFile, at path: String) async throws {
        do {
            try await disk.replace(path, with: file.bytes)
        } catch {
            let error = HoldfastError(error)
            if error.code == .inputOutput { await stopWriting(error) }
            throw error.during("Holding the objects of backup \(file.header.backup)")
        }
        do {
            try await remember(file.header)
        } catch {
            // What was held before goes with the rest; or stays, where a lock keeps the project from being erased.
            if await holds[file.header.backup] == nil {
                try await takeAway(path)
                await forgetDamaged(file.header.backup.text)
            }
            throw error
        }
    }

    /// - Throws: `checkFailed` where the project was erased meanwhile.
    private func remember(_ header: HoldFile.Header) throws(HoldfastError) {
        try requireNotErased(header.project)
        holds[header.backup] = header
        damagedHolds[header.backup.text] = nil
    }

    private func forget(_ backup: BackupID) {
        holds[backup] = nil
        damagedHolds[backup.text] = nil
    }

    private func isDamaged(_ backup: BackupID) -> Bool { damagedHolds[backup.text] != nil }
}

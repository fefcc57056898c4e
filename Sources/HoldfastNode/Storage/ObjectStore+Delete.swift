package import HoldfastModel
package import HoldfastWire

extension ObjectStore {
    /// By how much clocks may differ for anything to be deleted.
    package static let clockTolerance = Duration.seconds(300)

    package struct Deletion: Hashable, Sendable {
        package var objects = 0
        package var bytes: Int64 = 0
        /// Objects that some backup holds, and that stay.
        package var held = 0
    }

    /// Deletes the manifests and lists of the project's buried backups, then those of the shards that are condemned. What
    /// is held stays. Durable on return; what was begun before a crash is done again, or by the next collection.
    ///
    /// - Parameter now: the coordinator's clock.
    /// - Throws: `deposed`; `checkFailed` while the clocks differ; `corrupt` while a hold can't be read; `inputOutput`.
    package nonisolated func delete(
        _ shards: Set<ObjectName>, of project: ProjectID, by order: Order, at now: Timestamp
    ) async throws -> Deletion {
        try await recordWrites.withTurn(CondemnedFile.directory) {
            try await obey(order)
            try checkClock(against: now)
            var deletion = Deletion()
            var directories: Set<String> = []
            try await giveUpHolds(of: project)
            let buriedObjects = try await buriedObjects(of: project)
            let condemned = await condemned(of: project).intersection(shards)
            let held = try await held(among: condemned.union(buriedObjects.map(\.name)), of: project)
            deletion.held = held.count
            for (kind, name) in buriedObjects where !held.contains(name) {
                try await remove(kind, name, &deletion, &directories)
            }
            let doomed = condemned.subtracting(held)
            for name in doomed.sorted() { try await remove(.shard, name, &deletion, &directories) }
            for directory in directories.sorted() { try await makeRemovalDurable(in: directory) }
            // Last: a name that comes back after a crash is still condemned.
            if !doomed.isEmpty {
                let left = await self.condemned(of: project).subtracting(doomed)
                try await CondemnedFile(project: project, names: left).write(on: disk)
                await pardon(doomed, of: project)
            }
            return deletion
        }
    }

    /// Holds of what is never held again, such as by a collection for what it rewrites, and of buried backups: a crash may have
    /// come between a tombstone and the end of the hold.
    private nonisolated func giveUpHolds(of project: ProjectID) async throws {
        let (now, end) = (time.now, time.now.advanced(by: .zero - Self.clockTolerance))
        for header in await holds.values.sorted(by: { $0.backup < $1.backup }) where header.project == project {
            if header.until < end {
                try await releaseEnded(header.backup, before: end)
            } else if await isBuried(header.backup), !header.isLocked(at: now) {
                try await release(header.backup)
            }
        }
    }

    private nonisolated func buriedObjects(of project: ProjectID) async throws -> [(kind: ObjectKind, name: ObjectName)]
    {
        var found: [(kind: ObjectKind, name: ObjectName)] = []
        for kind in [ObjectKind.manifest, .references] {
            for name in await names(of: kind, in: project).sorted() {
                guard let backup = try await owner(kind, name)?.backup, await isBuried(backup) else { continue }
                found.append((kind, name))
            }
        }
        return found
    }

    nonisolated func remove(
        _ kind: ObjectKind, _ name: ObjectName, _ deletion: inout Deletion, _ directories: inout Set<String>
    ) async throws {
        try Task.checkCancellation()
        let path = Self.path(kind, name)
        let size: Int64? = try await landings.withTurn(path) {
            guard let size = try await disk.size(of: path) else { return nil }
            try await disk.remove(path)
            await uncount(kind, name, size)
            return size
        }
        directories.insert(DiskPath.parent(of: path))
        guard let size else { return }
        deletion.objects += 1
        deletion.bytes += size
    }

    nonisolated func makeRemovalDurable(in directory: String) async throws {
        do {
            try await disk.syncDirectory(directory)
        } catch {
            // As with a put: what else the failed sync lost can't be known.
            let error = HoldfastError(error)
            if error.code == .inputOutput { await stopWriting(error) }
            throw error
        }
    }

    /// A hold is over by the clock, so nothing is deleted while the clock may be wrong.
    nonisolated func checkClock(against now: Timestamp) throws(HoldfastError) {
        let own = time.now
        let expected = startedAt.advanced(by: time.uptime - uptimeAtStart)
        for (other, what) in [(now, "the coordinator's clock"), (expected, "the time since this node was started")] {
            let difference = other.duration(to: own)
            guard difference <= Self.clockTolerance, difference >= .zero - Self.clockTolerance else {
                throw HoldfastError(
                    .checkFailed,
                    """
                    The node's clock says \(own), and by \(what) it is \(other): nothing is deleted there. Set the \
                    clock, and start the node again
                    """)
            }
        }
    }
}

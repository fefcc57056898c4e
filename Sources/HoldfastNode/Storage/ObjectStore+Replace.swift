import Crypto
import HoldfastArchive
package import HoldfastModel
package import HoldfastWire

/// Giving up a reference list for another one of the same manifest.
extension ObjectStore {
    /// The backup no longer holds these objects; durable on return. What it doesn't hold anyway is passed over, and what is
    /// locked stays.
    ///
    /// - Throws: `deposed`; `corrupt` while the hold can't be read; `noSpace`, `inputOutput`.
    package nonisolated func release(
        _ objects: Set<ObjectName>, from backup: BackupID, of project: ProjectID, by order: Order
    ) async throws {
        let path = HoldFile.path(backup)
        try await recordWrites.withTurn(path) {
            try await obey(order)
            guard var file = try await HoldFile.read(path, of: backup, on: disk), file.header.project == project,
                !file.header.isLocked(at: time.now), !objects.isDisjoint(with: file.names)
            else { return }
            file.names.removeAll(where: objects.contains)
            file.header.count = file.names.count
            try await write(file, at: path)
        }
    }

    /// Deletes the list once the other one lies here, too. So no node ever forgets what a manifest needs.
    ///
    /// - Parameters:
    ///   - bytes: of the list that takes its place.
    ///   - now: the coordinator's clock.
    /// - Throws: `deposed`; `checkFailed` where the other list is not of the same manifest, the backup was removed, some
    ///   backup holds the list, or the clocks differ; `corrupt`, `noSpace`, `inputOutput`.
    package nonisolated func replace(
        _ superseded: ObjectName, by bytes: [UInt8], of project: ProjectID, order: Order, at now: Timestamp
    ) async throws {
        try await recordWrites.withTurn(CondemnedFile.directory) {
            try await obey(order)
            try checkClock(against: now)
            guard let old = try await list(superseded) else { return }
            let new = try ReferenceList(decoding: bytes)
            var check = ObjectCheck()
            check.update(bytes)
            let name = check.name
            guard name != superseded, old.project == project, new.project == project, new.backup == old.backup,
                new.manifest == old.manifest, new.service == old.service
            else {
                throw HoldfastError(
                    .checkFailed,
                    "Reference list \(name) is of another manifest than \(superseded), and can't replace it")
            }
            guard await !isBuried(old.backup) else {
                throw HoldfastError(.checkFailed, "Backup \(old.backup) was removed; its lists go by its tombstone")
            }
            let layout = await record.layout
            try await put(.references, name, project: project, layout: layout, bytes: bytes)
            // What stood here under that name before may have been damaged.
            guard try await list(name) == new else {
                throw HoldfastError(.corrupt, "Reference list \(name) is not here as it should be")
            }
            // Only its own backup ever holds a list: from here to its end no hold is answered that counts on it.
            try await recordWrites.withTurn(HoldFile.path(old.backup)) {
                try await removeUnheld(superseded, of: project)
            }
        }
    }

    private nonisolated func removeUnheld(_ list: ObjectName, of project: ProjectID) async throws {
        guard try await held(among: [list], of: project).isEmpty else {
            throw HoldfastError(.checkFailed, "Reference list \(list) is still held")
        }
        var deletion = Deletion()
        var directories: Set<String> = []
        try await remove(.references, list, &deletion, &directories)
        for directory in directories.sorted() { try await makeRemovalDurable(in: directory) }
    }

    /// Nil where it is not here, or not good.
    private nonisolated func list(_ name: ObjectName) async throws -> ReferenceList? {
        try await good(.references, name).flatMap(Self.list)
    }
}

import HoldfastArchive
package import HoldfastModel
package import HoldfastWire

extension ObjectStore {
    /// Stores tombstones and gives up what their backups held. From the return on the backup holds nothing here and never
    /// will again: a worker that still thinks it makes it is shut out. A backup that is locked is passed over until its time
    /// is over, whoever asks.
    ///
    /// - Throws: `deposed`; `corrupt` for what is no tombstone of the project; `noSpace`, `inputOutput`.
    package nonisolated func bury(_ tombstones: [[UInt8]], of project: ProjectID, by order: Order) async throws {
        try await obey(order)
        let layout = await record.layout
        for bytes in tombstones {
            let tombstone = try Tombstone(decoding: bytes)
            guard tombstone.project == project else {
                throw HoldfastError(.corrupt, "A tombstone of another project's backup \(tombstone.backup)")
            }
            guard await !isLocked(tombstone.backup) else { continue }
            var check = ObjectCheck()
            check.update(bytes)
            try await put(.tombstone, check.name, project: project, layout: layout, bytes: bytes)
            await noteBuried(tombstone.backup)
            try await release(tombstone.backup)
        }
    }

    package func isBuried(_ backup: BackupID) -> Bool { buried.contains(backup) }

    func noteBuried(_ backup: BackupID) { buried.insert(backup) }
}

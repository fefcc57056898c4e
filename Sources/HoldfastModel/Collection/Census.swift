/// What the nodes were found to keep of one project, and what follows from that.
///
/// *Live* means not tombstoned, never “known to the catalog”: a catalog can go back in time. So what is needed is what the
/// reference lists on the nodes name. The catalog is asked only whether something is missing from what was found.
package struct Census: Sendable {
    /// Shards on one node.
    package struct Share: Hashable, Sendable {
        package var shards: Set<ObjectName> = []
        package var condemned: Set<ObjectName> = []

        package init(shards: Set<ObjectName> = [], condemned: Set<ObjectName> = []) {
            (self.shards, self.condemned) = (shards, condemned)
        }
    }

    /// Of which backup each manifest is.
    package var manifests: [ObjectName: BackupID] = [:]
    /// The manifests that some node has a good reference list for.
    package var listed: Set<ObjectName> = []
    /// The names of the good reference lists of backups without a tombstone.
    package var lists: Set<ObjectName> = []
    /// The shards that lists of backups without a tombstone name.
    package var referenced: Set<ObjectName> = []
    package var shares: [NodeID: Share] = [:]

    package init() {}

    /// The shards on the node that no list names.
    package func unreferenced(on node: NodeID) -> Set<ObjectName> {
        (shares[node]?.shards ?? []).subtracting(referenced)
    }

    /// Shards that were condemned and are needed.
    package func wronglyCondemned(on node: NodeID) -> Set<ObjectName> {
        (shares[node]?.condemned ?? []).intersection(referenced)
    }

    /// Shards that were condemned and are still not needed.
    package func rightlyCondemned(on node: NodeID) -> Set<ObjectName> {
        (shares[node]?.condemned ?? []).subtracting(referenced)
    }

    /// Backups with a manifest on some node, that have no tombstone and that the catalog lacks.
    package func unknown(known: Set<BackupID>, removed: Set<BackupID>) -> [BackupID] {
        Set(manifests.values).subtracting(known).subtracting(removed).sorted()
    }

    /// Why nothing may be deleted: a backup is live, and which shards it needs can't be told.
    ///
    /// - Parameters:
    ///   - backups: what the catalog knew before the nodes were asked.
    ///   - removed: those with a tombstone.
    package func fault(backups: [Backup], removed: Set<BackupID>) -> HoldfastError? {
        for backup in backups where !removed.contains(backup.id) && [.complete, .deleted].contains(backup.state) {
            for part in backup.parts {
                guard listed.contains(part.manifest) else { return Self.unlisted(part.manifest, of: backup.id) }
                // Another list of the manifest is none to go by before the catalog names it: it may be what was left by
                // an attempt to move the content.
                if !lists.contains(part.references) { return Self.unlisted(part, of: backup.id) }
            }
        }
        // Of these the catalog says that they are not, or not yet, backups.
        let unfinished = Set(backups.filter { [.running, .failed, .cancelled].contains($0.state) }.map(\.id))
        let unlisted = manifests.filter { manifest, backup in
            !listed.contains(manifest) && !removed.contains(backup) && !unfinished.contains(backup)
        }
        return unlisted.min { $0.key < $1.key }.map { Self.unlisted($0.key, of: $0.value) }
    }

    private static func unlisted(_ part: BackupPart, of backup: BackupID) -> HoldfastError {
        HoldfastError(
            .corrupt,
            """
            No node that is here has a good copy of reference list \(part.references), by which backup \(backup) is read, \
            so nothing of the project is deleted: a collection with all nodes connected looks for another list; if that \
            changes nothing, look at `holdfast backup verify \(backup)`, and delete the backup if it is lost
            """,
            context: ["backup": backup.text])
    }

    private static func unlisted(_ manifest: ObjectName, of backup: BackupID) -> HoldfastError {
        HoldfastError(
            .corrupt,
            """
            No node that is here has a good reference list for manifest \(manifest) of backup \(backup), so nobody knows \
            what it needs and nothing of the project is deleted: look at `holdfast backup verify \(backup)`, and delete \
            the backup if it is lost
            """,
            context: ["backup": backup.text])
    }
}

/// What a manifest says of its part, for a cluster that has lost its catalog.
package struct PartDescription: Hashable, Codable, Sendable {
    package var manifest: ObjectName
    package var backup: BackupID
    package var service: ServiceReference
    package var createdAt: Timestamp
    /// Absent in manifests of early versions.
    package var environment: EnvironmentReference?
    package var startedAt: Timestamp
    package var endedAt: Timestamp
    package var counts: BackupPart.Counts
    package var warnings: Warnings
    package var sizes: PartSizes
    /// Of the backup: see `Backup.notes`.
    package var notes: [String: String]

    package init(
        manifest: ObjectName, backup: BackupID, service: ServiceReference, createdAt: Timestamp,
        environment: EnvironmentReference?, startedAt: Timestamp, endedAt: Timestamp, counts: BackupPart.Counts,
        warnings: Warnings, sizes: PartSizes, notes: [String: String]
    ) {
        self.manifest = manifest
        self.backup = backup
        self.service = service
        self.createdAt = createdAt
        self.environment = environment
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.counts = counts
        self.warnings = warnings
        self.sizes = sizes
        self.notes = notes
    }

    func part(references: ObjectName) -> BackupPart {
        BackupPart(
            service: service, manifest: manifest, references: references, startedAt: startedAt, endedAt: endedAt,
            sizes: sizes, counts: counts, warnings: warnings)
    }
}

/// What a restore was asked to do. Fixed once the job exists.
package struct RestorePlan: Hashable, Codable, Sendable {
    package var source: Source
    package var destination: EnvironmentReference
    package var mappings: [Mapping]
    /// The identifier of the safety backup that is taken first; nil where a person asked to go without.
    package var safetyBackup: BackupID?
    package var undoWindowSeconds: Int
    /// The node whose worker carries it out: only the one that began a swap can end it.
    package var node: NodeID

    package enum Source: Hashable, Codable, Sendable {
        case backup(BackupID)
        /// The content that an earlier restore kept: an exact undo.
        case kept(JobID)
    }

    /// A part of the backup and the destination's service that receives it.
    package struct Mapping: Hashable, Codable, Sendable {
        package var from: ServiceReference
        package var to: ServiceReference

        package init(from: ServiceReference, to: ServiceReference) {
            self.from = from
            self.to = to
        }
    }

    package init(
        source: Source, destination: EnvironmentReference, mappings: [Mapping], safetyBackup: BackupID?,
        undoWindowSeconds: Int, node: NodeID
    ) {
        self.source = source
        self.destination = destination
        self.mappings = mappings
        self.safetyBackup = safetyBackup
        self.undoWindowSeconds = undoWindowSeconds
        self.node = node
    }
}

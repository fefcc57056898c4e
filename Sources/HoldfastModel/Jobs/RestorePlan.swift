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

// Written as `{"backup": "…"}` or `{"kept": "…"}`: scripts read this.
extension RestorePlan.Source {
    private enum CodingKeys: String, CodingKey {
        case backup, kept
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let backup = try container.decodeIfPresent(BackupID.self, forKey: .backup) {
            self = .backup(backup)
        } else {
            self = .kept(try container.decode(JobID.self, forKey: .kept))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .backup(let backup): try container.encode(backup, forKey: .backup)
        case .kept(let job): try container.encode(job, forKey: .kept)
        }
    }
}

package import HoldfastModel

/// A worker captures services into a backup: every object stored and held before the reply.
package struct CaptureServices: Message {
    package static let name = "capture-services"
    package typealias Event = Progress

    package var order: Order
    package var backup: BackupID
    package var project: ProjectID
    /// What is backed up; written into the manifests, so that they can be listed without the catalog.
    package var environment: EnvironmentReference
    /// Written into the manifests as they are: `trigger`, `author`, and `note` where there is one.
    package var notes: [String: String]
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var services: [ServiceTarget]
    package var previous: [Previous]
    package var terms: PlacementTerms
    package var holdUntil: Timestamp
    /// Until when nodes give nothing of it up once it is whole, whoever asks; nil for no lock.
    package var lockUntil: Timestamp?

    package init(
        order: Order, backup: BackupID, project: ProjectID, environment: EnvironmentReference,
        notes: [String: String], keys: Secret, services: [ServiceTarget], previous: [Previous],
        terms: PlacementTerms, holdUntil: Timestamp, lockUntil: Timestamp? = nil
    ) {
        self.order = order
        self.backup = backup
        self.project = project
        self.environment = environment
        self.notes = notes
        self.keys = keys
        self.services = services
        self.previous = previous
        self.terms = terms
        self.holdUntil = holdUntil
        self.lockUntil = lockUntil
    }

    /// The manifest of the newest complete backup of a service: what it says is unchanged is not read again.
    package struct Previous: Codable, Hashable, Sendable {
        package var service: ServiceReference
        package var manifest: ObjectName
        package var references: ObjectName
        package var startedAt: Timestamp

        package init(
            service: ServiceReference, manifest: ObjectName, references: ObjectName, startedAt: Timestamp
        ) {
            self.service = service
            self.manifest = manifest
            self.references = references
            self.startedAt = startedAt
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var parts: [BackupPart]
        package var receipt: Receipt
        /// What belongs into the job's journal: what the node's hooks said. Nil where it has none.
        package var notes: [String]?

        package init(parts: [BackupPart], receipt: Receipt) {
            self.parts = parts
            self.receipt = receipt
        }
    }
}

/// What was captured of one environment at one time: one part per service.
package struct Backup: Hashable, Codable, Sendable {
    package var version = 1
    package var id: BackupID
    package var project: ProjectID
    package var environment: EnvironmentReference
    package var job: JobID
    package var trigger: Trigger
    package var state: State
    package var services: [ServiceReference]
    package var note: String?
    package var author: String
    package var createdAt: Timestamp
    package var endedAt: Timestamp?
    package var deletedAt: Timestamp?
    /// Of a deleted one: until when it can be taken back, and why it was deleted. Absent in records from before there was a
    /// window; these can't be taken back.
    package var removableAt: Timestamp?
    package var deletionReason: String?
    /// The rules let nothing go that is pinned.
    package var pinnedAt: Timestamp?
    /// When it goes, whatever the rules say; a person said so.
    package var expiresAt: Timestamp?
    /// Of a scheduled one: the label that it begins with, by how often its schedule runs; and the labels that its parts
    /// bear, once retention has looked at it.
    package var firstLabel: RetentionLabel?
    package var labels: [PartLabel]?
    package var parts: [BackupPart]
    /// Present exactly when the backup is complete.
    package var receipt: Receipt?
    package var failure: HoldfastError?

    package enum Trigger: String, Codable, Sendable, CaseIterable {
        case scheduled
        case onDemand = "on-demand"
        case safety
        case upload
    }

    package enum State: String, Codable, Sendable, CaseIterable {
        case running, complete, failed, cancelled, deleted
    }

    package init(
        id: BackupID, project: ProjectID, environment: EnvironmentReference, job: JobID, trigger: Trigger,
        services: [ServiceReference], note: String?, author: String, createdAt: Timestamp
    ) {
        self.id = id
        self.project = project
        self.environment = environment
        self.job = job
        self.trigger = trigger
        self.state = .running
        self.services = services
        self.note = note
        self.author = author
        self.createdAt = createdAt
        self.parts = []
    }

    package var totals: PartSizes { parts.reduce(into: PartSizes()) { $0.add($1.sizes) } }
}

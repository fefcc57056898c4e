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
    package var removableAt: Timestamp?
    /// When collection began to remove its objects; from then on it can't be taken back.
    package var removedAt: Timestamp?
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

package import HoldfastModel

package struct RestoreDetail: Codable, Hashable, Sendable {
    package var job: JobID
    package var source: RestorePlan.Source
    package var destination: EnvironmentReference
    package var mappings: [RestorePlan.Mapping]
    package var status: Job.Status
    package var step: RestoreSaga.Step
    package var author: String
    package var createdAt: Timestamp
    package var endedAt: Timestamp?
    package var safetyBackup: BackupID?
    /// Whether a database's content is replaced in place, so that nothing of the old content is kept; nil where not.
    package var isInPlace: Bool?
    package var undoUntil: Timestamp?
    package var undoneBy: JobID?
    package var waitingFor: String?
    package var attention: Attention?
    package var failure: HoldfastError?
    /// What was left out or could not be made as it was.
    package var warnings: Warnings

    package init(
        job: JobID, source: RestorePlan.Source, destination: EnvironmentReference, mappings: [RestorePlan.Mapping],
        status: Job.Status, step: RestoreSaga.Step, author: String, createdAt: Timestamp, endedAt: Timestamp? = nil,
        safetyBackup: BackupID? = nil, isInPlace: Bool? = nil, undoUntil: Timestamp? = nil, undoneBy: JobID? = nil,
        waitingFor: String? = nil, attention: Attention? = nil, failure: HoldfastError? = nil,
        warnings: Warnings = Warnings()
    ) {
        self.job = job
        self.source = source
        self.destination = destination
        self.mappings = mappings
        self.status = status
        self.step = step
        self.author = author
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.safetyBackup = safetyBackup
        self.isInPlace = isInPlace
        self.undoUntil = undoUntil
        self.undoneBy = undoneBy
        self.waitingFor = waitingFor
        self.attention = attention
        self.failure = failure
        self.warnings = warnings
    }
}

package import HoldfastModel

package struct JobSummary: Codable, Hashable, Sendable {
    package var id: JobID
    package var kind: Job.Kind
    package var environment: EnvironmentReference
    package var status: Job.Status
    package var step: String
    package var author: String
    package var createdAt: Timestamp
    package var endedAt: Timestamp?
    package var waitingFor: String?
    package var attention: Attention?
    package var progress: Progress?

    package init(
        id: JobID, kind: Job.Kind, environment: EnvironmentReference, status: Job.Status, step: String, author: String,
        createdAt: Timestamp, endedAt: Timestamp? = nil, waitingFor: String? = nil, attention: Attention? = nil,
        progress: Progress? = nil
    ) {
        self.id = id
        self.kind = kind
        self.environment = environment
        self.status = status
        self.step = step
        self.author = author
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.waitingFor = waitingFor
        self.attention = attention
        self.progress = progress
    }
}

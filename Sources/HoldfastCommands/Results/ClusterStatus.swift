package import HoldfastModel

package struct ClusterStatus: Codable, Hashable, Sendable {
    package var softwareVersion: String
    package var epoch: Epoch
    package var leaderSince: Timestamp
    package var now: Timestamp
    package var nodes: [NodeStatus]
    package var projects: Int
    package var openJobs: Int
    /// Jobs that wait for a person.
    package var needingAttention: [JobSummary]
    package var retention: RetentionStatus?

    package init(
        softwareVersion: String, epoch: Epoch, leaderSince: Timestamp, now: Timestamp, nodes: [NodeStatus],
        projects: Int, openJobs: Int, needingAttention: [JobSummary],
        retention: RetentionStatus? = nil
    ) {
        self.softwareVersion = softwareVersion
        self.epoch = epoch
        self.leaderSince = leaderSince
        self.now = now
        self.nodes = nodes
        self.projects = projects
        self.openJobs = openJobs
        self.needingAttention = needingAttention
        self.retention = retention
    }
}

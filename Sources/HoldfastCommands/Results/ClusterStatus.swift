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
    /// Those that are not done with everywhere. Nil for who is no administrator.
    package var erasures: [ErasureStatus]?

    package init(
        softwareVersion: String, epoch: Epoch, leaderSince: Timestamp, now: Timestamp, nodes: [NodeStatus],
        projects: Int, openJobs: Int, needingAttention: [JobSummary],
        retention: RetentionStatus? = nil, erasures: [ErasureStatus]? = nil
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
        self.erasures = erasures
    }
}

/// A project that was erased while some node that may have something of it was away.
package struct ErasureStatus: Codable, Hashable, Sendable {
    package var project: ProjectID
    /// Nil where only a node knew of it.
    package var name: Name?
    package var at: Timestamp
    /// The nodes that have still to delete what they have.
    package var left: [Name]

    package init(project: ProjectID, name: Name?, at: Timestamp, left: [Name]) {
        self.project = project
        self.name = name
        self.at = at
        self.left = left
    }
}

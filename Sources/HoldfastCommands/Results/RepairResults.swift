package import HoldfastModel

/// What the repair of one project came to.
package struct Repaired: Codable, Hashable, Sendable {
    package var project: Name
    package var job: JobID
    /// Nil where the job goes on by itself, or failed.
    package var report: RepairReport?
    package var failure: HoldfastError?
    /// For the nodes of the report.
    package var nodeNames: [NodeID: Name]

    package init(
        project: Name, job: JobID, report: RepairReport? = nil, failure: HoldfastError? = nil,
        nodeNames: [NodeID: Name] = [:]
    ) {
        self.project = project
        self.job = job
        self.report = report
        self.failure = failure
        self.nodeNames = nodeNames
    }
}

/// A placement policy and who goes by it.
package struct PolicyDetail: Codable, Hashable, Sendable {
    package var name: Name
    package var policy: PlacementPolicy
    package var projects: [Name]
    /// Why the nodes of now can't meet it; nil where they can.
    package var fault: String?

    package init(policy: PlacementPolicy, projects: [Name], fault: String?) {
        name = policy.name
        self.policy = policy
        self.projects = projects
        self.fault = fault
    }
}

/// What was found by the last repair, and when.
package struct CopiesNow: Codable, Hashable, Sendable {
    package var at: Timestamp
    package var report: RepairReport

    package init(at: Timestamp, report: RepairReport) {
        self.at = at
        self.report = report
    }
}

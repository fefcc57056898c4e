package import HoldfastModel

/// What the collection of one project came to.
package struct Collected: Codable, Hashable, Sendable {
    package var project: Name
    package var job: JobID
    /// Nil where the job goes on by itself, or failed.
    package var report: CollectReport?
    package var failure: HoldfastError?
    /// For the nodes of the report.
    package var nodeNames: [NodeID: Name]

    package init(
        project: Name, job: JobID, report: CollectReport? = nil, failure: HoldfastError? = nil,
        nodeNames: [NodeID: Name] = [:]
    ) {
        self.project = project
        self.job = job
        self.report = report
        self.failure = failure
        self.nodeNames = nodeNames
    }
}

/// How many jobs may be at work at the same time. What no worker does, such as collecting, is not counted.
package struct QueueLimits: Hashable, Sendable {
    package var jobsPerNode = 2
    package var jobsPerDatabaseServer = 2
    package var jobsPerProject = 4

    package init() {}

    package func places(of resource: QueueResource) -> Int {
        switch resource {
        case .node: jobsPerNode
        case .server: jobsPerDatabaseServer
        case .project: jobsPerProject
        // The index of what a project has stored has one writer on each node.
        case .capture: 1
        }
    }
}

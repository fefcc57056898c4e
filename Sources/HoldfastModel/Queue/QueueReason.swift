/// Why a job waits for a place.
package enum QueueReason: Hashable, Sendable {
    case full(QueueResource, places: Int)
    case away(NodeID, isPinned: Bool)
    /// Those that were at work when the coordinator took office go on first.
    case resuming
    /// There is a place, and a job that was passed over often comes first.
    case reserved(JobID)

    /// What the job waits for, for people.
    package func text(nodeName: (NodeID) -> String) -> String {
        switch self {
        case .full(let resource, let places): Self.text(resource, places, nodeName)
        case .away(let node, let isPinned): isPinned ? "node \(nodeName(node))" : "any node"
        case .resuming: "the jobs that were at work before"
        case .reserved(let job): "a place, after job \(job)"
        }
    }

    private static func text(_ resource: QueueResource, _ places: Int, _ nodeName: (NodeID) -> String) -> String {
        let taken = "(\(places) of \(places) jobs)"
        return switch resource {
        case .node(let node): "a place on node \(nodeName(node)) \(taken)"
        case .server(let server): "a place on database server \(server) \(taken)"
        case .project(let project): "a place of project \(project) \(taken)"
        case .capture(let project, let node):
            "the backup of project \(project) that node \(nodeName(node)) is taking"
        }
    }
}

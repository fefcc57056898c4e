import HoldfastModel
import Synchronization

/// The members that one piece of work goes without: those that the coordinator said are away, and those that were found to
/// be. A node that is found away is not asked for the same work again, so that its silence is waited for once.
final class Absences: Sendable {
    private let nodes: Mutex<Set<NodeID>>
    private let reasons = Mutex<[NodeID: HoldfastError]>([:])

    init(_ nodes: some Sequence<NodeID>) { self.nodes = Mutex(Set(nodes)) }

    var all: Set<NodeID> { nodes.withLock { $0 } }

    func contains(_ node: NodeID) -> Bool { nodes.withLock { $0.contains(node) } }

    /// - Returns: false where the error is not about the node's being away, and the caller has to deal with it.
    func note(_ error: HoldfastError, of node: NodeID) -> Bool {
        guard [.unavailable, .timedOut, .noSpace, .inputOutput].contains(error.code) else { return false }
        nodes.withLock { _ = $0.insert(node) }
        reasons.withLock { $0[node] = $0[node] ?? error }
        return true
    }

    /// Why the first of those that were found away is.
    var reason: HoldfastError? { reasons.withLock { $0.min { $0.key < $1.key }?.value } }
}

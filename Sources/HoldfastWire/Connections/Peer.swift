package import HoldfastModel

/// Who is at the other end, by the certificate that the cluster's authority gave it.
package enum Peer: Hashable, Sendable {
    case node(NodeID)
    case coordinator
    case `operator`(String)
    /// Showed no certificate: a node that wants to join.
    case anonymous

    package var kind: PeerKind {
        switch self {
        case .node: .node
        case .coordinator: .coordinator
        case .operator: .operator
        case .anonymous: .anonymous
        }
    }
}

/// What a registration of a handler allows or not.
package enum PeerKind: Hashable, Sendable, CaseIterable {
    case node
    case coordinator
    case `operator`
    case anonymous
}

extension Peer: CustomStringConvertible {
    package var description: String {
        switch self {
        case .node(let id): "node \(id)"
        case .coordinator: "the coordinator"
        case .operator(let name): "operator \(name.printable(limit: 60))"
        case .anonymous: "a peer without a certificate"
        }
    }
}

package import HoldfastModel
package import HoldfastWire

/// A cluster's authority for one test, with a coordinator and nodes.
package struct ThrowawayCA: Sendable {
    package let authority: ClusterCA
    package let coordinator: TLSIdentity
    private let now: Timestamp

    package var trust: TLSTrust { authority.trust }

    /// `now` is compared with the real clock by TLS.
    package init(now: Timestamp) throws {
        authority = try ClusterCA(cluster: "test", now: now)
        coordinator = try authority.issueCoordinator(now: now)
        self.now = now
    }

    package func node(_ id: NodeID) throws -> TLSIdentity { try authority.issueNode(id, now: now) }

    package func `operator`(_ name: String) throws -> TLSIdentity { try authority.issueOperator(name, now: now) }
}

package import HoldfastModel
package import HoldfastWire

/// Puts, reads and holds a project's objects on the nodes where placement says they lie. This node's own are reached by a
/// call, the others' over the wire.
package struct ObjectRouter: Sendable {
    package let project: ProjectID
    package let terms: PlacementTerms
    /// With every member, also those that are away.
    let whole: Placement
    let store: ObjectStore
    let peers: any PeerCalls
    let road: Road
    let absences: Absences
    /// Where this node is; nil where it is no member.
    let region: Name?
    var passedOver = 0

    package init(
        project: ProjectID, terms: PlacementTerms, store: ObjectStore, peers: any PeerCalls,
        road: Road = Road()
    ) {
        self.project = project
        self.terms = terms
        whole = Placement(layout: terms.layout, policy: terms.policy)
        self.store = store
        self.peers = peers
        self.road = road
        absences = Absences(terms.away ?? [])
        region = terms.layout.members.first { $0.node == store.node }?.region
    }

    /// As things are now.
    var placement: Placement { whole.without(absences.all) }

    /// Why objects can't have as many copies as they need now.
    func shortage(of what: String) -> HoldfastError {
        let away = absences.all.sorted().map(\.text).joined(separator: ", ")
        let policy = terms.policy
        return HoldfastError(
            .unavailable,
            """
            \(what) needs \(policy.degradedCopies ?? policy.copies) copies by the policy \(policy.name), and too few nodes \
            take them now\(away.isEmpty ? "" : "; away are \(away)")\
            \(absences.reason.map { ": \($0.message)" } ?? "")
            """)
    }
}

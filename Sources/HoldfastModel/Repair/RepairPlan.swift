/// Decides which copies of a project's objects are made, and which go, so that each lies where placement says.
///
/// Nodes that don't answer and are not given up keep their share: what they have is not known, and nothing is made in its
/// place.
package struct RepairPlan: Hashable, Sendable {
    package struct Copy: Hashable, Sendable {
        package var object: ObjectReference
        /// Who lacks it.
        package var target: NodeID
        /// On how many nodes that are here it is.
        package var copies: Int
    }

    /// The most endangered first.
    package private(set) var copies: [Copy] = []
    /// What others hold in a node's place.
    package private(set) var surplus: [NodeID: Set<ObjectReference>] = [:]
    /// Who holds the surplus objects, and has to prove it before they go.
    package private(set) var successors: [NodeID: Set<ObjectReference>] = [:]
    /// Objects that have fewer copies, on the nodes that are here, than the policy asks.
    package private(set) var short: Set<ObjectReference> = []
    /// Objects of which no node that is here has a copy.
    package private(set) var lost: Set<ObjectReference> = []
    /// How many objects that are needed each leaving node still has.
    package private(set) var left: [NodeID: Int] = [:]

    /// Whether there is nothing to copy and nothing to drop.
    package var isDone: Bool { copies.isEmpty && surplus.isEmpty }

    /// - Parameters:
    ///   - needed: what live backups need.
    ///   - present: which nodes that are here have an object.
    ///   - placement: without the members that are given up.
    ///   - here: the nodes that answered.
    package init(
        needed: some Sequence<ObjectReference>, present: [ObjectReference: Set<NodeID>], placement: Placement,
        here: Set<NodeID>
    ) {
        let members = Dictionary(
            placement.layout.members.map { ($0.node, $0) }, uniquingKeysWith: { first, _ in first })
        for object in needed {
            let nodes = (present[object] ?? []).intersection(here)
            let regions = nodes.compactMap { members[$0]?.region }
            if placement.policy.standing(of: regions) != .met { short.insert(object) }
            guard !nodes.isEmpty else {
                lost.insert(object)
                continue
            }
            for node in nodes where members[node]?.isLeaving ?? true { left[node, default: 0] += 1 }
            let holders = placement.holders(of: object.name)
            let missing = holders.filter { !nodes.contains($0.node) }
            copies += missing.filter { here.contains($0.node) }.map {
                Copy(object: object, target: $0.node, copies: nodes.count)
            }
            // Without each of them the policy is met, by nodes that say that they have it.
            guard missing.isEmpty, placement.policy.standing(of: holders.map(\.region)) == .met else { continue }
            let superfluous = nodes.subtracting(holders.map(\.node))
            for node in superfluous { surplus[node, default: []].insert(object) }
            if !superfluous.isEmpty {
                for holder in holders { successors[holder.node, default: []].insert(object) }
            }
        }
        copies.sort { ($0.copies, $0.object, $0.target) < ($1.copies, $1.object, $1.target) }
    }
}

import HoldfastModel
import HoldfastWire

extension Office {
    /// Where a project's objects are found.
    func termsForReading(_ policy: PlacementPolicy) async -> PlacementTerms {
        let layout = await registry.layout
        let connected = Set(await nodes.connected())
        return PlacementTerms(
            layout: layout, policy: policy, away: layout.members.map(\.node).filter { !connected.contains($0) })
    }

    /// Where a new backup's objects go: to nodes that are here and take them. What one that is gone would hold goes to the
    /// next in rank.
    ///
    /// - Throws: `checkFailed` where the layout can't meet the policy; `noSpace` where too few nodes have space, however long is
    ///   waited; `Obstacle` while too few are here.
    func termsForWriting(_ policy: PlacementPolicy) async throws -> PlacementTerms {
        let layout = await registry.layout
        let placement = Placement(layout: layout, policy: policy)
        try placement.requireMeetable()
        try await requireSpace(placement)
        let connected = Set(await nodes.connected())
        let unwilling = await registry.unwilling
        let silent = Set(layout.members.map(\.node)).subtracting(connected)
        let away = unwilling.union(silent)
        let standing = placement.without(away).standing
        // Who has been silent for a moment only is waited for before a backup is made with fewer copies.
        let gone = silent.intersection(await registry.down)
        let mayComeBack = placement.without(unwilling.union(gone)).standing == .met
        guard standing == .met || standing == .degraded && !mayComeBack else {
            throw await obstacle(to: placement, away)
        }
        return PlacementTerms(layout: layout, policy: policy, away: away.isEmpty ? nil : away.sorted())
    }

    /// A disk that is full or failed stays so until somebody does something.
    private func requireSpace(_ placement: Placement) async throws {
        let full = await registry.full
        guard placement.without(full).standing == .short else { return }
        var names: [String] = []
        for node in placement.takers.map(\.node).filter(full.contains).sorted() {
            names.append(await registry.text(of: node))
        }
        throw HoldfastError(
            .noSpace,
            """
            \(names.count == 1 ? "Node" : "The nodes") \(names.joined(separator: ", ")): the disk is full or has failed, and \
            \(placement.policy.copies) copies in \(placement.policy.regions) regions are asked for. Make space free there, look \
            at the disk, or add a node
            """)
    }

    private func obstacle(to placement: Placement, _ away: Set<NodeID>) async -> Obstacle {
        let missing = placement.takers.map(\.node).filter(away.contains)
        var names: [String] = []
        for node in missing.sorted() { names.append(await registry.text(of: node)) }
        let policy = placement.policy
        return Obstacle(
            description: "\(names.count == 1 ? "node" : "one of the nodes") \(names.joined(separator: ", ")), as "
                + "\(policy.copies) copies in \(policy.regions) regions are asked for"
        ) { [nodes, time, configuration] in
            // One may come back, be found to be down, or have space again.
            try await nodes.waitForAnother(atMost: configuration.heartbeat * 2, time)
        }
    }
}

/// Which nodes hold an object: weighted rendezvous hashing, spread over regions first and then over nodes.
///
/// Every member scores the object by its own; the ranking is the members in order of score. Taking a member away moves
/// only what it held, and adding one moves only what it gets.
package struct Placement: Sendable {
    package let layout: Layout
    package let policy: PlacementPolicy

    /// - Throws: `checkFailed`, naming what is missing, where the layout can't meet the policy.
    package init(layout: Layout, policy: PlacementPolicy) throws(HoldfastError) {
        let allowed = layout.members.filter { policy.allowedRegions?.contains($0.region) ?? true && $0.weight > 0 }
        let regions = Set(allowed.map(\.region)).count
        guard allowed.count >= policy.copies, regions >= policy.regions else {
            throw HoldfastError(
                .checkFailed,
                """
                The policy \(policy.name) asks for \(policy.copies) copies in \(policy.regions) regions, and only \
                \(allowed.count) nodes in \(regions) regions may hold them: join more nodes, or change the policy
                """)
        }
        self.layout = Layout(number: layout.number, members: allowed)
        self.policy = policy
    }

    /// The nodes that should hold the object, best first; as many as the policy's copies.
    package func holders(of object: ObjectName) -> [Layout.Member] {
        let ranked = ranking(of: object)
        var chosen: [Layout.Member] = []
        var left = ranked
        while chosen.count < policy.copies, !left.isEmpty {
            let used = Set(chosen.map(\.region))
            let index = used.count < policy.regions ? left.firstIndex { !used.contains($0.region) } : 0
            chosen.append(left.remove(at: index ?? 0))
        }
        return chosen
    }

    /// Every allowed member, in the order in which it takes over the object when those before it are gone.
    package func ranking(of object: ObjectName) -> [Layout.Member] {
        layout.members
            .map { (member: $0, score: Self.score(object, $0)) }
            .sorted { ($1.score, $0.member.node) < ($0.score, $1.member.node) }
            .map(\.member)
    }

    /// `weight / -ln(u)`, where `u` in (0, 1) is drawn from object and node.
    private static func score(_ object: ObjectName, _ member: Layout.Member) -> Double {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in object.bytes.prefix(16) + member.node.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        let uniform = (Double(hash >> 11) + 0.5) / Double(UInt64(1) << 53)
        return member.weight / -Logarithm.natural(uniform)
    }
}

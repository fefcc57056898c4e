/// Which nodes hold an object: weighted rendezvous hashing, spread over regions first and then over nodes.
///
/// Every member scores the object by its own; the ranking is the members in order of score. Taking a member away moves
/// only what it held, and adding one moves only what it gets. A member that is away for now is passed over: its share goes
/// to the next in rank, and comes home later.
package struct Placement: Sendable {
    package let layout: Layout
    package let policy: PlacementPolicy
    /// The members that may be given objects now.
    package let takers: [Layout.Member]

    private let holders: [Layout.Member]

    /// - Parameter away: members that take nothing now.
    package init(layout: Layout, policy: PlacementPolicy, without away: Set<NodeID> = []) {
        self.layout = layout
        self.policy = policy
        holders = layout.members.filter { policy.allows($0.region) }.filter { !$0.isLeaving }
        takers = holders.filter { !away.contains($0.node) }
    }

    /// - Throws: `checkFailed`, naming what is missing, where the layout can't meet the policy, whoever is away.
    package func requireMeetable() throws(HoldfastError) {
        let regions = Set(holders.map(\.region)).count
        guard holders.count >= policy.copies, regions >= policy.regions else {
            throw HoldfastError(
                .checkFailed,
                """
                The policy \(policy.name) asks for \(policy.copies) copies in \(policy.regions) regions\
                \(Self.text(of: policy.allowedRegions)), and only \(holders.count) nodes in \(regions) regions may hold \
                them: join more nodes, or change the policy
                """)
        }
    }

    private init(_ placement: Placement, without away: Set<NodeID>) {
        layout = placement.layout
        policy = placement.policy
        holders = placement.holders
        takers = placement.takers.filter { !away.contains($0.node) }
    }

    /// The same without these members, too.
    package func without(_ away: Set<NodeID>) -> Placement {
        away.isEmpty ? self : Placement(self, without: away)
    }

    /// How what is put now stands to the policy.
    package var standing: PlacementPolicy.Standing {
        let regions = takers.map(\.region)
        return policy.standing(of: regions)
    }

    /// The nodes that should hold the object, best first: as many as the policy's copies, or all takers where they are fewer.
    package func holders(of object: ObjectName) -> [Layout.Member] {
        var left = Self.ranking(of: object, among: takers)
        var chosen: [Layout.Member] = []
        if let home = policy.home, let index = left.firstIndex(where: { $0.region == home }) {
            chosen.append(left.remove(at: index))
        }
        while chosen.count < policy.copies, !left.isEmpty {
            let used = Set(chosen.map(\.region))
            let index = used.count < policy.regions ? left.firstIndex { !used.contains($0.region) } : 0
            chosen.append(left.remove(at: index ?? 0))
        }
        return chosen
    }

    /// Every member, in the order in which it takes over the object when those before it are gone; last those that are
    /// leaving, or that the policy does not allow and where something may lie from before.
    package func ranking(of object: ObjectName) -> [Layout.Member] {
        let (allowed, others) = (
            layout.members.filter { policy.allows($0.region) }, layout.members.filter { !policy.allows($0.region) }
        )
        return Self.ranking(of: object, among: allowed) + Self.ranking(of: object, among: others)
    }

    private static func ranking(of object: ObjectName, among members: [Layout.Member]) -> [Layout.Member] {
        members
            .map { (member: $0, score: score(object, $0)) }
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

    private static func text(of regions: [Name]?) -> String {
        regions.map { " among " + $0.map(\.text).joined(separator: ", ") } ?? ""
    }
}

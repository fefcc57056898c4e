/// Decides which of several reference lists of one manifest counts, and which of the others may go.
///
/// Each of them names shards that have everything the manifest needs: rewriting leaves an old one and a new one. So it does
/// not matter for the content which one counts, as long as all that it names is there; and none may go before that is
/// certain.
package struct ListChoice: Hashable, Sendable {
    package struct Candidate: Hashable, Sendable {
        package var name: ObjectName
        package var shards: Set<ObjectName>

        package init(name: ObjectName, shards: Set<ObjectName>) { (self.name, self.shards) = (name, shards) }

        /// What lies on nodes for its sake.
        package var objects: Set<ObjectName> { shards.union([name]) }
    }

    /// What the backup is to be read by.
    package let kept: Candidate
    /// What may be given up for it.
    package let superseded: [Candidate]
    /// What could be given up, were `kept` on as many nodes as the policy asks.
    package let waiting: [Candidate]

    /// - Parameters:
    ///   - candidates: the good lists that were found; nil for none.
    ///   - named: the one that the catalog names.
    ///   - holders: the nodes that hold an object, by their own word, with their regions.
    /// - Returns: nil where nothing can be told: none was found, or without the one that is named none that is whole.
    package init?(
        _ candidates: [Candidate], named: ObjectName, policy: PlacementPolicy,
        holders: [ObjectName: [NodeID: Name]]
    ) {
        func isSafe(_ object: ObjectName) -> Bool {
            let holders = holders[object] ?? [:]
            return holders.count >= policy.copies && Set(holders.values).count >= policy.regions
        }
        /// The best first: what lacks least, then what the catalog names.
        func rank(_ candidate: Candidate) -> (Int, Int, Int, ObjectName) {
            let missing = candidate.shards.count { (holders[$0] ?? [:]).isEmpty }
            let weak = candidate.shards.count { !isSafe($0) }
            return (missing, weak, candidate.name == named ? 0 : 1, candidate.name)
        }
        guard let kept = candidates.min(by: { rank($0) < rank($1) }) else { return nil }
        let isWhole = kept.shards.allSatisfy { !(holders[$0] ?? [:]).isEmpty }
        // It may be what an attempt left that was broken off, and what it names be collected, while the shards of the list
        // that is missing are all there.
        guard isWhole || candidates.contains(where: { $0.name == named }) else { return nil }
        let others = candidates.filter { $0.name != kept.name }.sorted { $0.name < $1.name }
        // What both name is no less safe by giving up one of them.
        let superseded = others.filter { isWhole && kept.objects.subtracting($0.shards).allSatisfy(isSafe) }
        self.kept = kept
        self.superseded = superseded
        waiting = others.filter { !superseded.contains($0) }
    }
}

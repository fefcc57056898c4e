extension Receipt {
    /// More than any backup refers to. A node's numbers may be anything; these can be multiplied.
    private static let objectLimit = 1 << 40

    /// What keeps this receipt from proving that the policy is met; nil when it is. Residency counts as much as copies.
    package func fault(by policy: PlacementPolicy, in layout: Layout) -> HoldfastError? {
        func fault(_ reason: String) -> HoldfastError {
            HoldfastError(
                .checkFailed,
                """
                The backup was captured but is not stored as the policy \(policy.name) asks: \(reason). Look at \
                `holdfast node list`, then back up again
                """)
        }
        guard (0...Self.objectLimit).contains(objects) else { return fault("no backup has \(objects) objects") }
        let degraded = degradedObjects ?? 0
        guard (0...objects).contains(degraded) else { return fault("\(degraded) of \(objects) objects lack copies") }
        guard degraded == 0 || policy.degradedCopies != nil else {
            return fault("\(degraded) of \(objects) objects have too few copies")
        }
        let counted = holdings.filter { $0.objects > 0 }
        guard Set(counted.map(\.node)).count == counted.count, counted.allSatisfy({ $0.objects <= objects }) else {
            return fault("the receipt counts a node twice, or more objects than there are")
        }
        for holding in counted {
            guard layout.members.contains(where: { $0.node == holding.node && $0.region == holding.region }) else {
                return fault("node \(holding.node) in region \(holding.region) is not a member of the cluster")
            }
            guard policy.allows(holding.region) else {
                return fault("objects lie in region \(holding.region), which it does not allow")
            }
        }
        let copies = counted.reduce(0) { $0 + $1.objects }
        let asked = (objects - degraded) * policy.copies + degraded * (policy.degradedCopies ?? policy.copies)
        guard copies >= asked else {
            return fault("\(copies) copies of \(objects) objects are held, and \(asked) are asked for")
        }
        // Counts alone can't tell which object lies where; they do tell when there are too few in too few regions.
        let perRegion = Dictionary(counted.map { ($0.region, $0.objects) }, uniquingKeysWith: +)
        let spread = perRegion.values.reduce(0) { $0 + min($1, objects) }
        guard spread >= (objects - degraded) * policy.regions + degraded else {
            return fault("the copies are not spread over \(policy.regions) regions")
        }
        return nil
    }
}

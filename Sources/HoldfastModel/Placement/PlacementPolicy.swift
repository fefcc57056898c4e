/// How many copies of a project's objects are kept, and where they may lie.
package struct PlacementPolicy: Hashable, Codable, Sendable {
    package var name: Name
    package var copies: Int
    /// Over how many regions the copies are spread at least.
    package var regions: Int
    /// Nil allows every region.
    package var allowedRegions: [Name]?
    /// Where one of the copies lies, as long as that region has a node that takes it; nil for none in particular.
    package var home: Name?
    /// With so many copies, wherever they are allowed, a backup counts as complete, though *degraded*, until repair has made
    /// the others. Nil where every copy is needed.
    package var degradedCopies: Int?
    /// For how many days nodes give nothing of a backup up, whoever asks; nil for no lock.
    package var lockDays: Int?

    package init(
        name: Name, copies: Int, regions: Int, allowedRegions: [Name]? = nil, home: Name? = nil,
        degradedCopies: Int? = nil, lockDays: Int? = nil
    ) {
        self.name = name
        self.copies = copies
        self.regions = regions
        self.allowedRegions = allowedRegions
        self.home = home
        self.degradedCopies = degradedCopies
        self.lockDays = lockDays
    }

    package static let copiesLimit = 9

    /// - Throws: `invalidArgument` where it could never be met.
    package func validate() throws(HoldfastError) {
        func refuse(_ text: String) -> HoldfastError { HoldfastError(.invalidArgument, text) }
        guard (1...Self.copiesLimit).contains(copies), (1...copies).contains(regions) else {
            throw refuse(
                "A policy asks for 1 to \(Self.copiesLimit) copies, in at least one region and no more than copies")
        }
        if let allowedRegions {
            guard Set(allowedRegions).count >= regions else {
                throw refuse("\(regions) regions are asked for, and fewer are allowed: allow more of them")
            }
            if let home, !allowedRegions.contains(home) {
                throw refuse("The home region \(home) is not among the allowed ones: allow it, or name another")
            }
        }
        if let degradedCopies, !(1..<copies).contains(degradedCopies) {
            throw refuse("A degraded backup has at least one copy, and fewer than the \(copies) that are asked for")
        }
        if let lockDays, !(1...Self.lockLimit).contains(lockDays) {
            throw refuse("Backups are locked for 1 to \(Self.lockLimit) days")
        }
    }

    /// The longest lock, in days: ten years.
    package static let lockLimit = 3653

    package func allows(_ region: Name) -> Bool { allowedRegions?.contains(region) ?? true }

    /// How a set of copies, by their regions, stands to the policy.
    package func standing(of regions: [Name]) -> Standing {
        let allowed = regions.filter(allows)
        if allowed.count >= copies, Set(allowed).count >= self.regions { return .met }
        if let degradedCopies, allowed.count >= degradedCopies { return .degraded }
        return .short
    }

    package enum Standing: Hashable, Sendable {
        case met, degraded
        /// Too few to count.
        case short
    }
}

package import HoldfastModel

package struct ProjectCreate: Hashable, Codable, Sendable {
    package var name: Name
    /// Nil, as for the next two, is what the policy says.
    package var copies: Int?
    package var regions: Int?
    package var allowedRegions: [Name]?
    /// A policy that was set, in place of what is said above; where nothing is said at all, the one called `default`.
    package var policy: Name?

    package init(
        name: Name, copies: Int? = nil, regions: Int? = nil, allowedRegions: [Name]? = nil,
        policy: Name? = nil
    ) {
        self.name = name
        self.copies = copies
        self.regions = regions
        self.allowedRegions = allowedRegions
        self.policy = policy
    }
}

package import HoldfastModel

package struct ProjectCreate: Hashable, Codable, Sendable {
    package var name: Name
    package var copies: Int
    package var regions: Int
    package var allowedRegions: [Name]?

    package init(name: Name, copies: Int = 1, regions: Int = 1, allowedRegions: [Name]? = nil) {
        self.name = name
        self.copies = copies
        self.regions = regions
        self.allowedRegions = allowedRegions
    }
}

/// How many copies of a project's objects are kept, and where they may lie.
package struct PlacementPolicy: Hashable, Codable, Sendable {
    package var name: Name
    package var copies: Int
    /// Over how many regions the copies are spread at least.
    package var regions: Int
    /// Nil allows every region.
    package var allowedRegions: [Name]?

    package init(name: Name, copies: Int, regions: Int, allowedRegions: [Name]? = nil) {
        self.name = name
        self.copies = copies
        self.regions = regions
        self.allowedRegions = allowedRegions
    }
}

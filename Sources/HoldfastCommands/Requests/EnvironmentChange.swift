package import HoldfastModel

package struct EnvironmentChange: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    /// In place of a region.
    package var node: Name?
    /// In place of a node.
    package var region: Name?
    package var undoWindowSeconds: Int?

    package init(
        environment: EnvironmentReference, node: Name? = nil, region: Name? = nil, undoWindowSeconds: Int? = nil
    ) {
        self.environment = environment
        self.node = node
        self.region = region
        self.undoWindowSeconds = undoWindowSeconds
    }
}

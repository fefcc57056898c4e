package import HoldfastModel

package struct EnvironmentCreate: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    /// The name of the node whose worker reaches the services.
    package var node: Name?
    package var undoWindowSeconds: Int?

    package init(environment: EnvironmentReference, node: Name? = nil, undoWindowSeconds: Int? = nil) {
        self.environment = environment
        self.node = node
        self.undoWindowSeconds = undoWindowSeconds
    }
}

package import HoldfastModel

package struct EnvironmentChange: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    package var node: Name?
    package var undoWindowSeconds: Int?

    package init(environment: EnvironmentReference, node: Name? = nil, undoWindowSeconds: Int? = nil) {
        self.environment = environment
        self.node = node
        self.undoWindowSeconds = undoWindowSeconds
    }
}

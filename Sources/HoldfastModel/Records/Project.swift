/// A web project.
package struct Project: Hashable, Codable, Sendable {
    package var version = 1
    package var id: ProjectID
    package var name: Name
    package var createdAt: Timestamp
    package var policy: PlacementPolicy
    /// True where the policy is one that was set by name for several projects, and changes with it; nil for its own.
    package var sharesPolicy: Bool?
    /// The project's master key, wrapped by the cluster key.
    package var wrappedKey: SealedSecret
    /// Which backups are kept otherwise than everywhere else; nil for none.
    package var retention: RetentionRules?

    package init(id: ProjectID, name: Name, createdAt: Timestamp, policy: PlacementPolicy, wrappedKey: SealedSecret) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.policy = policy
        self.wrappedKey = wrappedKey
    }
}

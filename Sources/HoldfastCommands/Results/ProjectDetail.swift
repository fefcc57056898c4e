package import HoldfastModel

package struct ProjectDetail: Codable, Hashable, Sendable {
    package var id: ProjectID
    package var name: Name
    package var createdAt: Timestamp
    package var policy: PlacementPolicy
    package var environments: [EnvironmentDetail]

    package init(
        id: ProjectID, name: Name, createdAt: Timestamp, policy: PlacementPolicy, environments: [EnvironmentDetail]
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.policy = policy
        self.environments = environments
    }
}

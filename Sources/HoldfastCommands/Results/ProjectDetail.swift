package import HoldfastModel

package struct ProjectDetail: Codable, Hashable, Sendable {
    package var id: ProjectID
    package var name: Name
    package var createdAt: Timestamp
    package var policy: PlacementPolicy
    package var environments: [EnvironmentDetail]
    /// What each node that is here keeps of the project now.
    package var stored: [StoredShare]?
    /// What the last repair found; nil before the first.
    package var copies: CopiesNow?

    package init(
        id: ProjectID, name: Name, createdAt: Timestamp, policy: PlacementPolicy, environments: [EnvironmentDetail],
        stored: [StoredShare]? = nil, copies: CopiesNow? = nil
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.policy = policy
        self.environments = environments
        self.stored = stored
        self.copies = copies
    }
}

/// What one node keeps of a project: files and their bytes.
package struct StoredShare: Codable, Hashable, Sendable {
    package var node: Name
    package var objects: Int64
    package var bytes: Int64

    package init(node: Name, objects: Int64, bytes: Int64) {
        self.node = node
        self.objects = objects
        self.bytes = bytes
    }
}

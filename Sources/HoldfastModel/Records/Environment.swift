/// One environment of a project, such as `live` or `test`, with the services that belong to it.
package struct Environment: Hashable, Codable, Sendable {
    package var version = 1
    package var reference: EnvironmentReference
    package var createdAt: Timestamp
    package var services: [Service]
    /// The node whose worker reaches the services; nil lets the leader choose the only one, or the first that is up.
    package var node: NodeID?
    /// The region whose nodes' workers reach the services, where no node is named; nil for any.
    package var region: Name?
    /// How long a restore keeps the old content for an exact undo.
    package var undoWindowSeconds: Int
    /// Which backups are kept otherwise than in its project; nil for none.
    package var retention: RetentionRules?

    package static let defaultUndoWindowSeconds = 24 * 60 * 60

    package init(
        reference: EnvironmentReference, createdAt: Timestamp, services: [Service] = [], node: NodeID? = nil,
        region: Name? = nil,
        undoWindowSeconds: Int = defaultUndoWindowSeconds
    ) {
        self.reference = reference
        self.createdAt = createdAt
        self.services = services
        self.node = node
        self.region = region
        self.undoWindowSeconds = undoWindowSeconds
    }
}

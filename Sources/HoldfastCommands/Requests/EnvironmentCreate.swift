package import HoldfastModel

package struct EnvironmentCreate: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    /// The name of the node whose worker reaches the services.
    package var node: Name?
    /// The region whose nodes' workers do, where no node is named.
    package var region: Name?
    package var undoWindowSeconds: Int?
    /// When it is backed up by itself; nil for not at all.
    package var schedule: SchedulePreset?

    package init(
        environment: EnvironmentReference, node: Name? = nil, region: Name? = nil, undoWindowSeconds: Int? = nil,
        schedule: SchedulePreset? = .daily
    ) {
        self.environment = environment
        self.node = node
        self.region = region
        self.undoWindowSeconds = undoWindowSeconds
        self.schedule = schedule
    }
}

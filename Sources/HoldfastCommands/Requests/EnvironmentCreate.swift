package import HoldfastModel

package struct EnvironmentCreate: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    /// The name of the node whose worker reaches the services.
    package var node: Name?
    package var undoWindowSeconds: Int?
    /// When it is backed up by itself; nil for not at all.
    package var schedule: SchedulePreset?

    package init(
        environment: EnvironmentReference, node: Name? = nil, undoWindowSeconds: Int? = nil,
        schedule: SchedulePreset? = .daily
    ) {
        self.environment = environment
        self.node = node
        self.undoWindowSeconds = undoWindowSeconds
        self.schedule = schedule
    }
}

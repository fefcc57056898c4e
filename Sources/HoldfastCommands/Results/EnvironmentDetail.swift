package import HoldfastModel

package struct EnvironmentDetail: Codable, Hashable, Sendable {
    package var environment: EnvironmentReference
    package var node: Name?
    package var region: Name?
    package var undoWindowSeconds: Int
    package var services: [ServiceDetail]
    package var lastBackup: Backup?
    package var schedule: ScheduleDetail?

    package init(
        environment: EnvironmentReference, node: Name?, region: Name? = nil, undoWindowSeconds: Int,
        services: [ServiceDetail],
        lastBackup: Backup?, schedule: ScheduleDetail? = nil
    ) {
        self.environment = environment
        self.node = node
        self.region = region
        self.undoWindowSeconds = undoWindowSeconds
        self.services = services
        self.lastBackup = lastBackup
        self.schedule = schedule
    }
}

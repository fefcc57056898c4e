package import HoldfastModel

package struct EnvironmentDetail: Codable, Hashable, Sendable {
    package var environment: EnvironmentReference
    package var node: Name?
    package var undoWindowSeconds: Int
    package var services: [ServiceDetail]
    package var lastBackup: Backup?

    package init(
        environment: EnvironmentReference, node: Name?, undoWindowSeconds: Int, services: [ServiceDetail],
        lastBackup: Backup?
    ) {
        self.environment = environment
        self.node = node
        self.undoWindowSeconds = undoWindowSeconds
        self.services = services
        self.lastBackup = lastBackup
    }
}

package import HoldfastModel

package struct RestoreRequest: Hashable, Codable, Sendable {
    package var backup: BackupID
    package var destination: EnvironmentReference
    /// Empty means all parts of the backup.
    package var services: [ServiceSelector]
    /// Parts that go to a service of another name.
    package var mappings: [RestorePlan.Mapping]
    package var withoutSafety: Bool
    package var wait: Bool

    package init(
        backup: BackupID, destination: EnvironmentReference, services: [ServiceSelector] = [],
        mappings: [RestorePlan.Mapping] = [], withoutSafety: Bool = false, wait: Bool = true
    ) {
        self.backup = backup
        self.destination = destination
        self.services = services
        self.mappings = mappings
        self.withoutSafety = withoutSafety
        self.wait = wait
    }
}

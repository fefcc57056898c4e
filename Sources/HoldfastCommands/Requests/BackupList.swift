package import HoldfastModel

package struct BackupList: Hashable, Codable, Sendable {
    package var project: Name?
    package var environment: EnvironmentReference?
    package var trigger: Backup.Trigger?
    package var includeDeleted: Bool
    package var limit: Int

    package init(
        project: Name? = nil, environment: EnvironmentReference? = nil, trigger: Backup.Trigger? = nil,
        includeDeleted: Bool = false, limit: Int = 50
    ) {
        self.project = project
        self.environment = environment
        self.trigger = trigger
        self.includeDeleted = includeDeleted
        self.limit = limit
    }
}

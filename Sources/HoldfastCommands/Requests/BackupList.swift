package import HoldfastModel

package struct BackupList: Hashable, Codable, Sendable {
    package var project: Name?
    package var environment: EnvironmentReference?
    package var trigger: Backup.Trigger?
    package var includeDeleted: Bool
    package var limit: Int
    /// Continues after this backup.
    package var after: BackupID?

    package init(
        project: Name? = nil, environment: EnvironmentReference? = nil, trigger: Backup.Trigger? = nil,
        includeDeleted: Bool = false, limit: Int = 50, after: BackupID? = nil
    ) {
        self.project = project
        self.environment = environment
        self.trigger = trigger
        self.includeDeleted = includeDeleted
        self.limit = limit
        self.after = after
    }
}

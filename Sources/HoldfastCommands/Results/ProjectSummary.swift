package import HoldfastModel

package struct ProjectSummary: Codable, Hashable, Sendable {
    package var name: Name
    package var environments: [Name]
    package var backups: Int
    package var lastBackup: Timestamp?

    package init(name: Name, environments: [Name], backups: Int, lastBackup: Timestamp?) {
        self.name = name
        self.environments = environments
        self.backups = backups
        self.lastBackup = lastBackup
    }
}

package import HoldfastModel

package struct BackupDetail: Codable, Hashable, Sendable {
    package var backup: Backup
    package var nodeNames: [NodeID: Name]
    package var restores: [RestoreDetail]
    /// Why it is kept, and when it goes.
    package var retention: RetentionVerdict?

    package init(
        backup: Backup, nodeNames: [NodeID: Name], restores: [RestoreDetail], retention: RetentionVerdict? = nil
    ) {
        self.backup = backup
        self.nodeNames = nodeNames
        self.restores = restores
        self.retention = retention
    }
}

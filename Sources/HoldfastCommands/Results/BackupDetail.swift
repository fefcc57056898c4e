package import HoldfastModel

package struct BackupDetail: Codable, Hashable, Sendable {
    package var backup: Backup
    package var nodeNames: [NodeID: Name]
    package var restores: [RestoreDetail]

    package init(backup: Backup, nodeNames: [NodeID: Name], restores: [RestoreDetail]) {
        self.backup = backup
        self.nodeNames = nodeNames
        self.restores = restores
    }
}

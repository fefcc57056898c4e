package import HoldfastModel

package struct Accepted: Codable, Hashable, Sendable {
    package var job: JobID
    package var backup: BackupID?

    package init(job: JobID, backup: BackupID? = nil) {
        self.job = job
        self.backup = backup
    }
}

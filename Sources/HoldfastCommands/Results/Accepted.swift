package import HoldfastModel

package struct Accepted: Codable, Hashable, Sendable {
    package var job: JobID
    package var backup: BackupID?
    package var download: DownloadID?

    package init(job: JobID, backup: BackupID? = nil, download: DownloadID? = nil) {
        self.job = job
        self.backup = backup
        self.download = download
    }
}

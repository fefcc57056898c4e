/// Which backups downloads need: none of them may go by retention or by hand meanwhile.
package struct DownloadHolds: Hashable, Sendable {
    package struct Hold: Hashable, Sendable {
        package var download: DownloadID
        /// Nil while it is being prepared.
        package var until: Timestamp?
    }

    private let holds: [BackupID: [Hold]]

    package init(_ downloads: some Sequence<Download>, at now: Timestamp) {
        var holds: [BackupID: [Hold]] = [:]
        for download in downloads where download.holds(at: now) {
            holds[download.backup, default: []].append(Hold(download: download.id, until: download.expiresAt))
        }
        self.holds = holds
    }

    /// Of each backup that some download needs the hold that lasts longest.
    package var all: [BackupID: Hold] {
        Dictionary(uniqueKeysWithValues: holds.keys.compactMap { backup in hold(of: backup).map { (backup, $0) } })
    }

    /// The one that lasts longest; nil for a backup that no download needs.
    package func hold(of backup: BackupID) -> Hold? {
        holds[backup]?.max { left, right in
            guard let leftEnd = left.until else { return false }
            guard let rightEnd = right.until else { return true }
            return (leftEnd, left.download) < (rightEnd, right.download)
        }
    }
}

/// What a notice tells of. The names are stored, sent, and typed by people; they never change.
package enum NoticeKind: String, Codable, Sendable, CaseIterable {
    case backupFailed = "backup-failed"
    /// Scheduled runs were due while nobody led.
    case backupMissed = "backup-missed"
    /// A run was due for a while, and there is no good backup since.
    case backupOverdue = "backup-overdue"
    case restoreFinished = "restore-finished"
    /// A restore waits for a person.
    case restoreStuck = "restore-stuck"
    case downloadReady = "download-ready"
    case verificationFailed = "verification-failed"
    case nodeDown = "node-down"
    /// All nodes of a region are down.
    case regionDown = "region-down"
    case spaceShort = "space-short"
    /// Another receiver of notices could not be told for days.
    case undelivered
    /// Somebody wants to see whether notices arrive.
    case test

    /// Those that people choose among; the others go to whoever they concern.
    package static let choices = allCases.filter { $0 != .undelivered && $0 != .test }
}

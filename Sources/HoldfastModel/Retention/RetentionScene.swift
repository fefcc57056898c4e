/// What retention looks at: all backups of one environment, and what is to be known about them.
package struct RetentionScene: Sendable {
    package var backups: [Backup]
    package var policy: RetentionPolicy
    package var calendar: RetentionCalendar
    package var now: Timestamp
    /// What needs a backup at the moment: jobs at work, undo windows, links that have not expired.
    package var holds: [BackupID: RetentionHold]
    /// False once the environment was removed: its backups stay.
    package var hasEnvironment: Bool

    package init(
        backups: [Backup], policy: RetentionPolicy, calendar: RetentionCalendar, now: Timestamp,
        holds: [BackupID: RetentionHold] = [:], hasEnvironment: Bool = true
    ) {
        self.backups = backups
        self.policy = policy
        self.calendar = calendar
        self.now = now
        self.holds = holds
        self.hasEnvironment = hasEnvironment
    }
}

/// Something that needs a backup, whatever the rules say.
package struct RetentionHold: Hashable, Codable, Sendable {
    /// `restore 1t6x0fk4w2qz`, `a link of anna's`
    package var by: String
    /// When it ends by itself; nil for a job.
    package var until: Timestamp?

    package init(by: String, until: Timestamp? = nil) {
        self.by = by
        self.until = until
    }
}

/// What retention says of one backup.
package struct RetentionVerdict: Hashable, Codable, Sendable {
    package var backup: BackupID
    /// The rules, or its expiry, let it go now.
    package var goes: Bool
    /// Why it is kept; of one that goes, why.
    package var reasons: [RetentionReason]
    /// When it will go, if every planned backup succeeds; nil for never, or for later than can be foreseen.
    package var goesAt: Timestamp?
    /// How far was foreseen where `goesAt` is nil; nil where it stays whatever comes.
    package var staysUntil: Timestamp?

    package init(backup: BackupID, goes: Bool, reasons: [RetentionReason]) {
        self.backup = backup
        self.goes = goes
        self.reasons = reasons
    }
}

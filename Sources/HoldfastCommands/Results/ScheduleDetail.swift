package import HoldfastModel

package struct ScheduleDetail: Codable, Hashable, Sendable {
    package var environment: EnvironmentReference
    package var timing: ScheduleTiming
    package var zone: String
    /// Services of these kinds and these services; all where both are empty.
    package var kinds: [ServiceKind]
    package var services: [ServiceReference]
    package var jitterSeconds: Int
    /// What its backups are labelled first.
    package var label: RetentionLabel?
    package var pausedAt: Timestamp?
    /// The next few; none while it is paused.
    package var nextRuns: [Schedule.Run]
    package var last: Last?
    package var missed: Schedule.MissedRuns?
    package var skipped: Schedule.SkippedRun?
    package var author: String

    /// What came of the last run.
    package struct Last: Codable, Hashable, Sendable {
        package var backup: BackupID
        package var dueAt: Timestamp
        package var startedAt: Timestamp
        /// Nil for a backup that is gone.
        package var state: Backup.State?
        package var failure: HoldfastError?

        package init(
            backup: BackupID, dueAt: Timestamp, startedAt: Timestamp, state: Backup.State?, failure: HoldfastError?
        ) {
            self.backup = backup
            self.dueAt = dueAt
            self.startedAt = startedAt
            self.state = state
            self.failure = failure
        }
    }

    package init(_ schedule: Schedule, label: RetentionLabel?, nextRuns: [Schedule.Run], last: Last?) {
        environment = schedule.environment
        timing = schedule.timing
        zone = schedule.zone
        kinds = schedule.kinds
        services = schedule.services
        jitterSeconds = schedule.jitterSeconds
        self.label = label
        pausedAt = schedule.pausedAt
        self.nextRuns = nextRuns
        self.last = last
        missed = schedule.missed
        skipped = schedule.skipped
        author = schedule.author
    }
}

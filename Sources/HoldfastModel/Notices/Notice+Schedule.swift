extension Notice {
    /// Scheduled runs were due while nobody led, and one backup makes up for them.
    package init(_ missed: Schedule.MissedRuns, of schedule: Schedule) {
        let count = missed.count == 1 ? "One scheduled backup" : "\(missed.count) scheduled backups"
        self.init(
            .backupMissed, at: missed.noticedAt,
            text: """
                \(count) of \(schedule.environment) could not be made when due, first at \(missed.firstDueAt.plain) UTC, \
                because no coordinator was at work. One is made up for them now.
                """)
        project = schedule.project
        environment = schedule.environment
    }
}

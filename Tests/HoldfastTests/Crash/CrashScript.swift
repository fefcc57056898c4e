import HoldfastModel

/// What a scenario does this time, and what has to be known to judge its end.
struct CrashScript {
    var scenario: CrashScenario
    /// What a person types; nil where a coordinator's start begins it.
    var command: [String]?
    /// The edition that the destination holds before, and, if the job succeeds, after it.
    var old: Int
    var new: Int
    /// The jobs and backups that there were before.
    var knownJobs: Set<JobID> = []
    var knownBackups: Set<BackupID> = []
    /// What stays of a collection, in other shards.
    var kept: Backup?
    /// What is deleted, verified or collected.
    var backup: BackupID?

    /// The kind of job it makes, if it makes one.
    var kind: Job.Kind? {
        switch scenario {
        case .restore, .undo, .inPlace, .cancel: .restore
        case .backup: .backup
        case .verify: .verify
        case .collect: .collect
        case .delete, .clean: nil
        }
    }
}

/// What became of a job that was crashed.
enum CrashEnd: String, CaseIterable {
    /// There is none: the command never got that far, or makes none.
    case none
    case succeeded, failed, cancelled
    case attention = "asked a person"
}

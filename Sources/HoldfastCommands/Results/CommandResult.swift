package import HoldfastModel

/// What a command answers. The JSON of a result is what scripts read: keys are added, never renamed.
package enum CommandResult: Codable, Hashable, Sendable {
    case clusterStatus(ClusterStatus)
    case nodes([NodeStatus])
    case token(JoinTokenResult)
    case mails([OutgoingMail])
    case mail(OutgoingMail)
    case projects([ProjectSummary])
    case project(ProjectDetail)
    case environments([EnvironmentDetail])
    case environment(EnvironmentDetail)
    case check(EnvironmentReference, CheckReport)
    case backups([Backup])
    case backup(BackupDetail)
    case tables(BackupTablePage)
    case files(BackupFilePage)
    case schedules([ScheduleDetail])
    case schedule(ScheduleDetail)
    case retention(RetentionDetail)
    case retentionPreview(RetentionPreviewResult)
    case restorePlan(RestorePlanResult)
    case restores([RestoreDetail])
    case restore(RestoreDetail)
    case verified(BackupID, VerifyReport)
    case collected([Collected])
    case downloads([DownloadDetail])
    case download(DownloadDetail)
    case jobs([JobSummary])
    case job(JobDetail)
    /// The job was accepted and goes on by itself.
    case accepted(Accepted)
    /// One sentence of what was done.
    case done(String)
}

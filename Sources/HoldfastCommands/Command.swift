package import HoldfastModel

/// Everything a person or program can ask of a cluster. Console, HTTP and pages translate to this and to nothing else.
package enum Command: Hashable, Codable, Sendable {
    case clusterStatus
    case nodeList
    case nodeToken(NodeToken)
    case nodeChange(NodeChange)
    case nodeRemove(NodeRemove)
    /// Has it read everything that it stores back from its disk, now.
    case nodeScrub(Name)

    case policyList
    /// Makes it, or changes it for every project that goes by it.
    case policySet(PlacementPolicy)
    case policyRemove(Name)

    case repairRun(RepairRun)
    case catalogRebuild(CatalogRebuildRequest)

    case mailTest(MailAddress)
    case mailList
    case mailRetry(MailID)

    /// Nil are those of the whole cluster, and of every project.
    case noticeList(project: Name?)
    case noticeAdd(NoticeAdd)
    case noticeRemove(NoticeTargetID)
    case noticeTest(NoticeTargetID)

    case userList
    /// Nil is whoever asks.
    case userShow(Name?)
    case userInvite(UserInvite)
    case userCreate(UserCreate)
    case userDisable(Name)
    case userEnable(Name)
    case userRemove(Name)
    case userPassword(UserPassword)
    case userRole(UserRole)

    /// Nil are one's own; for an administrator all.
    case tokenList(user: Name?)
    case tokenCreate(TokenCreate)
    case tokenRevoke(AccessTokenID)

    /// Nil are one's own.
    case sessionList(user: Name?)
    case sessionRevoke(SessionID)

    case auditList(AuditList)

    case projectCreate(ProjectCreate)
    case projectList
    case projectShow(Name)
    case projectRemove(Name)
    /// With all its backups, whose keys are destroyed.
    case projectErase(Name)
    case projectRotateKey(Name)
    case projectPolicy(ProjectPolicy)

    case environmentCreate(EnvironmentCreate)
    case environmentList(project: Name?)
    case environmentShow(EnvironmentReference)
    case environmentChange(EnvironmentChange)
    case environmentRemove(EnvironmentReference)
    case environmentCheck(EnvironmentReference)
    case serviceSet(ServiceSet)
    case serviceRemove(EnvironmentReference, ServiceReference)

    case backupCreate(BackupCreate)
    case backupList(BackupList)
    case backupShow(BackupID)
    case backupTables(BackupTableList)
    case backupFiles(BackupFileList)
    case backupFind(BackupFind)
    case backupDiff(BackupDiff)
    /// Gives a file, a directory or the rows of a table as bytes.
    case backupGet(BackupGet)
    case backupCancel(BackupID)
    case backupVerify(BackupID)
    /// - Parameter now: for good, also what was deleted before.
    case backupDelete(BackupID, now: Bool = false)
    /// Takes a deleted one back.
    case backupUndelete(BackupID)
    case backupPin(BackupID)
    case backupUnpin(BackupID)
    case backupExpire(BackupExpire)
    case backupNote(BackupNote)

    case scheduleSet(ScheduleSet)
    case scheduleShow(EnvironmentReference)
    case scheduleList(project: Name?)
    case schedulePause(EnvironmentReference)
    case scheduleResume(EnvironmentReference)
    case scheduleRemove(EnvironmentReference)

    case retentionShow(RetentionScope)
    case retentionSet(RetentionSet)
    /// Forgets what is said there otherwise than around it.
    case retentionReset(RetentionScope)
    case retentionPreview(RetentionPreview)

    case restorePlan(RestoreRequest)
    case restoreStart(RestoreRequest)
    /// One file or directory; nothing that is there is lost.
    case restoreFile(FileRestoreRequest)
    case restoreShow(JobID)
    case restoreList(EnvironmentReference?)
    case restoreCancel(JobID)
    case restoreUndo(UndoRequest)
    case restoreResume(JobID)

    case collectRun(CollectRun)

    case downloadPrepare(DownloadPrepare)
    case downloadList(EnvironmentReference?)
    case downloadShow(DownloadID)
    /// With the links: whoever sees the answer can fetch the files.
    case downloadLinks(DownloadID)
    case downloadRevoke(DownloadID)

    case jobList(all: Bool)
    case jobShow(JobID)
    /// Streams progress until the job ends, or reaches the undo window.
    case jobWatch(JobID)
    case jobCancel(JobID)
}

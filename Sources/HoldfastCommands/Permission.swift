package import HoldfastModel

/// What a command needs of whoever gives it.
package enum Permission: Hashable, Sendable {
    case administrator
    /// A role in a project that the command itself names.
    case role(Role, project: Name)
    /// The role in the project of this backup, which the coordinator looks up.
    case roleForBackup(Role, BackupID)
    /// The role in the project of this job's environment.
    case roleForJob(Role, JobID)
    /// The role in the project of this download's environment.
    case roleForDownload(Role, DownloadID)
    /// The role in the project of this receiver of notices; an administrator for one of the cluster.
    case roleForNotices(Role, NoticeTargetID)
    /// The user themself, with all that the account has, or an administrator.
    case user(Name)
    /// Whoever asks has an account, and all that it has.
    case ownAccount
    /// The user whose token it is, or an administrator.
    case userOfToken(AccessTokenID)
    /// The user whose session it is, or an administrator.
    case userOfSession(SessionID)
    /// Anyone known; the result shows only what is theirs to see, such as projects in which they have a role.
    case anyone
}

extension Command {
    /// All of these are needed.
    package var permissions: [Permission] {
        switch self {
        case .clusterStatus, .nodeList, .policyList, .projectList, .jobList: [.anyone]
        case .nodeChange, .nodeRemove, .nodeScrub, .policySet, .policyRemove, .projectPolicy, .catalogRebuild:
            [.administrator]
        case .repairRun(let run): [run.project.map { .role(.owner, project: $0) } ?? .administrator]
        case .nodeToken, .projectCreate, .projectRemove, .projectErase, .mailTest, .mailList, .mailRetry:
            [.administrator]
        case .noticeList(let project): [project.map { .role(.owner, project: $0) } ?? .administrator]
        case .noticeAdd(let add): [add.project.map { .role(.owner, project: $0) } ?? .administrator]
        case .noticeRemove(let target), .noticeTest(let target): [.roleForNotices(.owner, target)]
        case .userList, .userCreate, .userDisable, .userEnable, .userRemove: [.administrator]
        case .userShow(let name): name.map { [.user($0)] } ?? [.anyone]
        // Owners let others into their projects, and only there.
        case .userInvite(let invite):
            invite.isAdministrator || invite.roles.isEmpty
                ? [.administrator] : invite.roles.keys.sorted().map { .role(.owner, project: $0) }
        case .userPassword(let password): [.user(password.user)]
        case .userRole(let role):
            switch role.grant {
            case .project(let project, _): [.role(.owner, project: project)]
            case .administrator: [.administrator]
            }
        case .tokenList(let user), .sessionList(let user): user.map { [.user($0)] } ?? [.ownAccount]
        case .tokenCreate(let create): create.user.map { [.user($0)] } ?? [.ownAccount]
        case .tokenRevoke(let token): [.userOfToken(token)]
        case .sessionRevoke(let session): [.userOfSession(session)]
        case .auditList(let list): [list.project.map { .role(.owner, project: $0) } ?? .administrator]
        case .projectRotateKey(let name): [.role(.owner, project: name)]
        case .projectShow(let name): [.role(.viewer, project: name)]
        case .environmentCreate(let create): [.role(.owner, project: create.environment.project)]
        case .environmentList(let project): project.map { [.role(.viewer, project: $0)] } ?? [.anyone]
        case .environmentShow(let environment): [.role(.viewer, project: environment.project)]
        case .environmentChange(let change): [.role(.owner, project: change.environment.project)]
        case .environmentRemove(let environment): [.role(.owner, project: environment.project)]
        case .environmentCheck(let environment): [.role(.operator, project: environment.project)]
        case .serviceSet(let set): [.role(.owner, project: set.environment.project)]
        case .serviceRemove(let environment, _): [.role(.owner, project: environment.project)]
        case .backupCreate(let create): [.role(.operator, project: create.environment.project)]
        case .backupList(let list):
            (list.environment?.project ?? list.project).map { [.role(.viewer, project: $0)] } ?? [.anyone]
        case .backupShow(let backup): [.roleForBackup(.viewer, backup)]
        // Names and sizes, as `backup show` tells them of what could not be kept; no content.
        case .backupTables(let list): [.roleForBackup(.viewer, list.backup)]
        case .backupFiles(let list): [.roleForBackup(.viewer, list.backup)]
        case .backupFind(let find): [.role(.viewer, project: find.project)]
        case .backupDiff(let diff): [.roleForBackup(.viewer, diff.old), .roleForBackup(.viewer, diff.new)]
        // Content, as of a download.
        case .backupGet(let get): [.roleForBackup(.operator, get.backup)]
        case .backupCancel(let backup), .backupVerify(let backup): [.roleForBackup(.operator, backup)]
        case .backupPin(let backup), .backupUnpin(let backup), .backupUndelete(let backup):
            [.roleForBackup(.operator, backup)]
        case .backupNote(let note): [.roleForBackup(.operator, note.backup)]
        case .backupDelete(let backup, _): [.roleForBackup(.owner, backup)]
        case .backupExpire(let expire): [.roleForBackup(.owner, expire.backup)]
        case .scheduleSet(let set): [.role(.owner, project: set.environment.project)]
        case .scheduleShow(let environment): [.role(.viewer, project: environment.project)]
        case .scheduleList(let project): project.map { [.role(.viewer, project: $0)] } ?? [.anyone]
        case .schedulePause(let environment), .scheduleResume(let environment), .scheduleRemove(let environment):
            [.role(.owner, project: environment.project)]
        case .retentionShow(let scope): [.role(.viewer, project: scope.project)]
        case .retentionSet(let set): [.role(.owner, project: set.scope.project)]
        case .retentionReset(let scope): [.role(.owner, project: scope.project)]
        case .retentionPreview(let preview): [.role(.viewer, project: preview.environment.project)]
        case .restorePlan(let request):
            [.roleForBackup(.viewer, request.backup), .role(.viewer, project: request.destination.project)]
        case .restoreStart(let request):
            [
                .roleForBackup(.operator, request.backup),
                .role(request.withoutSafety ? .owner : .operator, project: request.destination.project),
            ]
        case .restoreFile(let request):
            [.roleForBackup(.operator, request.backup), .role(.operator, project: request.destination.project)]
        case .collectRun(let run): [run.project.map { .role(.owner, project: $0) } ?? .administrator]
        case .restoreShow(let job), .jobShow(let job), .jobWatch(let job): [.roleForJob(.viewer, job)]
        case .restoreList(let environment):
            environment.map { [.role(.viewer, project: $0.project)] } ?? [.anyone]
        case .restoreCancel(let job), .restoreResume(let job), .jobCancel(let job): [.roleForJob(.operator, job)]
        // Whoever has a link reads the backup's content.
        case .downloadPrepare(let prepare): [.roleForBackup(.operator, prepare.backup)]
        case .downloadList(let environment):
            environment.map { [.role(.viewer, project: $0.project)] } ?? [.anyone]
        case .downloadShow(let download): [.roleForDownload(.viewer, download)]
        case .downloadLinks(let download), .downloadRevoke(let download): [.roleForDownload(.operator, download)]
        case .restoreUndo(let undo): [.roleForJob(undo.withoutSafety ? .owner : .operator, undo.restore)]
        }
    }
}

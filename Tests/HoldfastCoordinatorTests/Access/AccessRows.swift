import HoldfastCommands
import HoldfastModel

/// Who is the least that may give a command.
enum Least: Int {
    /// Known to the cluster, without any role.
    case anyone, viewer, `operator`, owner, administrator
}

/// What the rows are about: everything of project `shop`, and the account `anna`.
struct AccessScene {
    var backup: BackupID
    var job: JobID
    var restore: JobID
    var download: DownloadID
    var token: AccessTokenID
    var session: SessionID
    var receiver: NoticeTargetID
    var live: EnvironmentReference
    var test: EnvironmentReference
    var anna: Name

    /// A command of each kind and who may give it. A new kind of command doesn't compile without its row.
    func row(_ kind: Command.Kind) throws -> (Command, Least) {
        let (shop, media) = (live.project, ServiceReference(.media))
        let request = RestoreRequest(backup: backup, destination: test)
        switch kind {
        case .clusterStatus: return (.clusterStatus, .anyone)
        case .nodeList: return (.nodeList, .anyone)
        case .nodeToken: return (.nodeToken(NodeToken()), .administrator)
        case .nodeChange: return (.nodeChange(NodeChange(node: try Name("one"), weight: 2)), .administrator)
        case .nodeRemove: return (.nodeRemove(NodeRemove(node: try Name("none"))), .administrator)
        case .nodeScrub: return (.nodeScrub(try Name("none")), .administrator)
        case .policyList: return (.policyList, .anyone)
        case .policySet:
            return (.policySet(PlacementPolicy(name: try Name("p"), copies: 1, regions: 1)), .administrator)
        case .policyRemove: return (.policyRemove(try Name("none")), .administrator)
        case .repairRun: return (.repairRun(RepairRun(project: shop)), .owner)
        case .catalogRebuild: return (.catalogRebuild(CatalogRebuildRequest(waitSeconds: 0)), .administrator)
        case .projectPolicy:
            return (.projectPolicy(ProjectPolicy(project: shop, policy: try Name("none"))), .administrator)
        case .mailTest: return (.mailTest(try MailAddress("a@example.org")), .administrator)
        case .mailList: return (.mailList, .administrator)
        case .mailRetry: return (.mailRetry(try id("0123456789ab")), .administrator)
        case .noticeList: return (.noticeList(project: shop), .owner)
        case .noticeAdd:
            return (.noticeAdd(NoticeAdd(project: shop, road: .mail(try MailAddress("a@example.org")))), .owner)
        case .noticeRemove: return (.noticeRemove(receiver), .owner)
        case .noticeTest: return (.noticeTest(receiver), .owner)
        case .userList: return (.userList, .administrator)
        case .userShow: return (.userShow(anna), .administrator)
        case .userInvite: return (.userInvite(UserInvite(name: try Name("new"), roles: [shop: .viewer])), .owner)
        case .userCreate: return (.userCreate(UserCreate(name: try Name("new"))), .administrator)
        case .userDisable: return (.userDisable(anna), .administrator)
        case .userEnable: return (.userEnable(anna), .administrator)
        case .userRemove: return (.userRemove(anna), .administrator)
        case .userPassword: return (.userPassword(UserPassword(user: anna)), .administrator)
        case .userRole: return (.userRole(UserRole(user: anna, grant: .project(shop, .owner))), .owner)
        case .tokenList: return (.tokenList(user: anna), .administrator)
        case .tokenCreate: return (.tokenCreate(TokenCreate(label: "x", user: anna)), .administrator)
        case .tokenRevoke: return (.tokenRevoke(token), .administrator)
        case .sessionList: return (.sessionList(user: anna), .administrator)
        case .sessionRevoke: return (.sessionRevoke(session), .administrator)
        case .auditList: return (.auditList(AuditList(project: shop)), .owner)
        case .projectCreate: return (.projectCreate(ProjectCreate(name: shop)), .administrator)
        case .projectList: return (.projectList, .anyone)
        case .projectShow: return (.projectShow(shop), .viewer)
        case .projectRemove: return (.projectRemove(shop), .administrator)
        case .projectErase: return (.projectErase(shop), .administrator)
        case .projectRotateKey: return (.projectRotateKey(shop), .owner)
        case .environmentCreate: return (.environmentCreate(EnvironmentCreate(environment: live)), .owner)
        case .environmentList: return (.environmentList(project: shop), .viewer)
        case .environmentShow: return (.environmentShow(live), .viewer)
        case .environmentChange: return (.environmentChange(EnvironmentChange(environment: live)), .owner)
        case .environmentRemove: return (.environmentRemove(live), .owner)
        case .environmentCheck: return (.environmentCheck(live), .operator)
        case .serviceSet:
            return (.serviceSet(ServiceSet(environment: live, service: media, location: .media(path: "/m"))), .owner)
        case .serviceRemove: return (.serviceRemove(live, media), .owner)
        case .backupCreate: return (.backupCreate(BackupCreate(environment: live)), .operator)
        case .backupList: return (.backupList(BackupList(environment: live)), .viewer)
        case .backupShow: return (.backupShow(backup), .viewer)
        case .backupTables: return (.backupTables(BackupTableList(backup: backup)), .viewer)
        case .backupFiles: return (.backupFiles(BackupFileList(backup: backup)), .viewer)
        case .backupFind: return (.backupFind(BackupFind(project: shop, pattern: "x")), .viewer)
        case .backupDiff: return (.backupDiff(BackupDiff(old: backup, new: backup)), .viewer)
        case .backupGet: return (.backupGet(BackupGet(backup: backup, what: .path("x"))), .operator)
        case .backupCancel: return (.backupCancel(backup), .operator)
        case .backupVerify: return (.backupVerify(backup), .operator)
        case .backupDelete: return (.backupDelete(backup), .owner)
        case .backupUndelete: return (.backupUndelete(backup), .operator)
        case .backupPin: return (.backupPin(backup), .operator)
        case .backupUnpin: return (.backupUnpin(backup), .operator)
        case .backupExpire: return (.backupExpire(BackupExpire(backup: backup, when: .never)), .owner)
        case .backupNote: return (.backupNote(BackupNote(backup: backup, note: "")), .operator)
        case .scheduleSet: return (.scheduleSet(ScheduleSet(environment: live, timing: .preset(.daily))), .owner)
        case .scheduleShow: return (.scheduleShow(live), .viewer)
        case .scheduleList: return (.scheduleList(project: shop), .viewer)
        case .schedulePause: return (.schedulePause(live), .owner)
        case .scheduleResume: return (.scheduleResume(live), .owner)
        case .scheduleRemove: return (.scheduleRemove(live), .owner)
        case .retentionShow: return (.retentionShow(.project(shop)), .viewer)
        case .retentionSet:
            return (.retentionSet(RetentionSet(scope: .environment(live), rules: RetentionRules())), .owner)
        case .retentionReset: return (.retentionReset(.project(shop)), .owner)
        case .retentionPreview: return (.retentionPreview(RetentionPreview(environment: live)), .viewer)
        case .restorePlan: return (.restorePlan(request), .viewer)
        case .restoreStart: return (.restoreStart(request), .operator)
        case .restoreFile:
            return (
                .restoreFile(FileRestoreRequest(backup: backup, path: "x", destination: live, wait: false)), .operator
            )
        case .restoreShow: return (.restoreShow(restore), .viewer)
        case .restoreList: return (.restoreList(live), .viewer)
        case .restoreCancel: return (.restoreCancel(restore), .operator)
        case .restoreUndo: return (.restoreUndo(UndoRequest(restore: restore)), .operator)
        case .restoreResume: return (.restoreResume(restore), .operator)
        case .collectRun: return (.collectRun(CollectRun(project: shop)), .owner)
        case .downloadPrepare: return (.downloadPrepare(DownloadPrepare(backup: backup)), .operator)
        case .downloadList: return (.downloadList(live), .viewer)
        case .downloadShow: return (.downloadShow(download), .viewer)
        case .downloadLinks: return (.downloadLinks(download), .operator)
        case .downloadRevoke: return (.downloadRevoke(download), .operator)
        case .jobList: return (.jobList(all: true), .anyone)
        case .jobShow: return (.jobShow(job), .viewer)
        case .jobWatch: return (.jobWatch(job), .viewer)
        case .jobCancel: return (.jobCancel(job), .operator)
        }
    }

    private func id<Of>(_ text: String) throws -> ID<Of> {
        guard let id = ID<Of>(text) else { throw HoldfastError(.internal, text) }
        return id
    }
}

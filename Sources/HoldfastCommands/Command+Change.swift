import HoldfastModel

extension Command {
    /// For log and audit: what the command changes, without notes, connection strings or other things people write; nil for
    /// one that only looks.
    package var change: String? {
        switch self {
        case .clusterStatus, .nodeList, .policyList, .mailList, .noticeList, .projectList, .projectShow,
            .environmentList,
            .environmentShow, .environmentCheck, .backupList, .backupShow, .backupTables, .backupFiles, .backupFind,
            .backupDiff, .scheduleShow,
            .scheduleList, .retentionShow,
            .retentionPreview, .restorePlan, .restoreShow, .restoreList, .jobList, .jobShow,
            .jobWatch, .downloadList, .downloadShow, .userList, .userShow, .tokenList, .sessionList, .auditList:
            nil
        case .nodeToken: "node token"
        case .nodeChange(let change): "node change \(change.node)\(Self.text(of: change))"
        case .nodeRemove(let remove): "node remove \(remove.node)\(remove.isLost ? " as lost" : "")"
        case .nodeScrub(let node): "node scrub \(node)"
        case .policySet(let policy): "policy set \(policy.name)"
        case .policyRemove(let name): "policy remove \(name)"
        case .repairRun(let run): "repair run\(run.project.map { " \($0)" } ?? "")"
        case .catalogRebuild: "catalog rebuild"
        case .projectPolicy(let change): "project policy \(change.project) \(change.policy)"
        case .mailTest: "mail test"
        case .mailRetry(let mail): "mail retry \(mail)"
        case .noticeAdd(let add):
            "notice add \(add.project.map { "\($0)" } ?? "for the cluster")\(Self.road(add.road))"
        case .noticeRemove(let target): "notice remove \(target)"
        case .noticeTest(let target): "notice test \(target)"
        case .userInvite(let invite): "user invite \(invite.name)\(Self.rights(invite.isAdministrator, invite.roles))"
        case .userCreate(let create): "user create \(create.name)\(Self.rights(create.isAdministrator, create.roles))"
        case .userDisable(let name): "user disable \(name)"
        case .userEnable(let name): "user enable \(name)"
        case .userRemove(let name): "user remove \(name)"
        case .userPassword(let password): "user password \(password.user)"
        case .userRole(let role):
            switch role.grant {
            case .project(let project, let given): "user role \(role.user) \(project) \(given?.rawValue ?? "none")"
            case .administrator(let isOne): "user role \(role.user) \(isOne ? "" : "no ")administrator"
            }
        case .tokenCreate(let create):
            "token create \(create.label.printable(limit: TokenCreate.labelLimit))\(create.user.map { " for \($0)" } ?? "")"
        case .tokenRevoke(let token): "token revoke \(token)"
        case .sessionRevoke(let session): "session revoke \(session)"
        case .projectCreate(let create): "project create \(create.name)"
        case .projectRemove(let name): "project remove \(name)"
        case .projectErase(let name): "project erase \(name)"
        case .projectRotateKey(let name): "project rotate-key \(name)"
        case .environmentCreate(let create): "environment create \(create.environment)"
        case .environmentChange(let change): "environment change \(change.environment)"
        case .environmentRemove(let environment): "environment remove \(environment)"
        case .serviceSet(let set): "service set \(set.environment) \(set.service)"
        case .serviceRemove(let environment, let service): "service remove \(environment) \(service)"
        case .backupCreate(let create): "backup create \(create.environment)"
        // Changes nothing, and gives content away, as links of downloads do. What it is called stays with whoever asked.
        case .backupGet(let get): "backup get \(get.backup)"
        case .backupCancel(let backup): "backup cancel \(backup)"
        case .backupVerify(let backup): "backup verify \(backup)"
        case .backupDelete(let backup, let now): "backup delete \(backup)\(now ? " for good" : "")"
        case .backupUndelete(let backup): "backup undelete \(backup)"
        case .backupPin(let backup): "backup pin \(backup)"
        case .backupUnpin(let backup): "backup unpin \(backup)"
        case .backupExpire(let expire): "backup expire \(expire.backup)"
        case .backupNote(let note): "backup note \(note.backup)"
        case .scheduleSet(let set): "schedule set \(set.environment) \(set.timing)"
        case .schedulePause(let environment): "schedule pause \(environment)"
        case .scheduleResume(let environment): "schedule resume \(environment)"
        case .scheduleRemove(let environment): "schedule remove \(environment)"
        case .retentionSet(let set): "retention set \(set.scope)"
        case .retentionReset(let scope): "retention reset \(scope)"
        case .restoreStart(let request):
            "restore start \(request.backup) \(request.destination)\(request.withoutSafety ? " without safety" : "")"
        case .restoreFile(let request): "restore file \(request.backup) \(request.destination)"
        case .collectRun(let run): "collect run\(run.project.map { " \($0)" } ?? "")"
        case .downloadPrepare(let prepare): "download prepare \(prepare.backup)"
        case .downloadLinks(let download): "download links \(download)"
        case .downloadRevoke(let download): "download revoke \(download)"
        case .restoreCancel(let job): "restore cancel \(job)"
        case .restoreUndo(let undo): "restore undo \(undo.restore)\(undo.withoutSafety ? " without safety" : "")"
        case .restoreResume(let job): "restore resume \(job)"
        case .jobCancel(let job): "job cancel \(job)"
        }
    }

    private static func text(of change: NodeChange) -> String {
        var words = change.weight.map { [" weight \($0)"] } ?? []
        switch change.maintenance {
        case .begin(let seconds): words.append(" maintenance for \(seconds) s")
        case .end: words.append(" maintenance ended")
        case nil: break
        }
        if let isLeaving = change.isLeaving { words.append(isLeaving ? " drain" : " stop draining") }
        return words.joined()
    }

    private static func road(_ road: NoticeAdd.Road) -> String {
        switch road {
        case .mail: " by mail"
        case .webhook: " by webhook"
        }
    }

    private static func rights(_ isAdministrator: Bool, _ roles: [Name: Role]) -> String {
        (isAdministrator ? " administrator" : "")
            + roles.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.rawValue)" }.joined()
    }
}

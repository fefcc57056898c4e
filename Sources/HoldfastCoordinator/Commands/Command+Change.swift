import HoldfastCommands

extension Command {
    /// For the log: what the command changes, without notes, connection strings or other things people write; nil for
    /// one that only looks.
    var change: String? {
        switch self {
        case .clusterStatus, .nodeList, .mailList, .projectList, .projectShow, .environmentList, .environmentShow,
            .environmentCheck, .backupList, .backupShow, .backupTables, .backupFiles, .scheduleShow, .scheduleList,
            .retentionShow,
            .retentionPreview, .restorePlan, .restoreShow, .restoreList, .jobList, .jobShow,
            .jobWatch, .downloadList, .downloadShow:
            nil
        case .nodeToken: "node token"
        case .mailTest: "mail test"
        case .mailRetry(let mail): "mail retry \(mail)"
        case .projectCreate(let create): "project create \(create.name)"
        case .projectRemove(let name): "project remove \(name)"
        case .environmentCreate(let create): "environment create \(create.environment)"
        case .environmentChange(let change): "environment change \(change.environment)"
        case .environmentRemove(let environment): "environment remove \(environment)"
        case .serviceSet(let set): "service set \(set.environment) \(set.service)"
        case .serviceRemove(let environment, let service): "service remove \(environment) \(service)"
        case .backupCreate(let create): "backup create \(create.environment)"
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
}

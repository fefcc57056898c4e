import HoldfastCommands

extension Command {
    /// For the log: what the command changes, without notes, connection strings or other things people write; nil for
    /// one that only looks.
    var change: String? {
        switch self {
        case .clusterStatus, .nodeList, .projectList, .projectShow, .environmentList, .environmentShow,
            .environmentCheck, .backupList, .backupShow, .restorePlan, .restoreShow, .restoreList, .jobList, .jobShow,
            .jobWatch, .downloadList, .downloadShow:
            nil
        case .nodeToken: "node token"
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
        case .backupDelete(let backup): "backup delete \(backup)"
        case .restoreStart(let request):
            "restore start \(request.backup) \(request.destination)\(request.withoutSafety ? " without safety" : "")"
        case .downloadPrepare(let prepare): "download prepare \(prepare.backup)"
        case .downloadLinks(let download): "download links \(download)"
        case .downloadRevoke(let download): "download revoke \(download)"
        case .restoreCancel(let job): "restore cancel \(job)"
        case .restoreUndo(let undo): "restore undo \(undo.restore)\(undo.withoutSafety ? " without safety" : "")"
        case .restoreResume(let job): "restore resume \(job)"
        }
    }
}

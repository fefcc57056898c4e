package import HoldfastCommands
import HoldfastModel

extension Command {
    /// The command as a line of the grammar, which reads back as the same command; says yes where a yes is needed. Holds
    /// the secrets that the command holds.
    package var line: String { words.map(LineSplitter.quoted).joined(separator: " ") }

    private var words: [String] {
        switch self {
        case .clusterStatus: ["cluster", "status"]
        case .nodeList: ["node", "list"]
        case .nodeToken(let token): ["node", "token", "--valid", "\(token.validSeconds)s"]
        case .projectCreate(let create):
            [
                "project", "create", "\(create.name)", "--copies", "\(create.copies)", "--regions", "\(create.regions)",
            ] + (create.allowedRegions ?? []).flatMap { ["--allowed-region", "\($0)"] }
        case .projectList: ["project", "list"]
        case .projectShow(let name): ["project", "show", "\(name)"]
        case .projectRemove(let name): ["project", "remove", "\(name)", "--yes"]
        case .environmentCreate(let create):
            ["environment", "create", "\(create.environment)"] + settings(create.node, create.undoWindowSeconds)
        case .environmentList(let project): ["environment", "list"] + (project.map { ["\($0)"] } ?? [])
        case .environmentShow(let environment): ["environment", "show", "\(environment)"]
        case .environmentChange(let change):
            ["environment", "change", "\(change.environment)"] + settings(change.node, change.undoWindowSeconds)
        case .environmentRemove(let environment): ["environment", "remove", "\(environment)", "--yes"]
        case .environmentCheck(let environment): ["environment", "check", "\(environment)"]
        case .serviceSet(let set): ["service", "set", "\(set.environment)", "\(set.service)"] + location(set.location)
        case .serviceRemove(let environment, let service): ["service", "remove", "\(environment)", "\(service)"]
        case .backupCreate(let create):
            ["backup", "create", "\(create.environment)"] + selection(create.services)
                + (create.note.map { ["--note=\($0)"] } ?? []) + (create.fullRead ? ["--full-read"] : [])
                + waiting(create.wait)
        case .backupList(let list): backupList(list)
        case .backupShow(let backup): ["backup", "show", "\(backup)"]
        case .backupCancel(let backup): ["backup", "cancel", "\(backup)"]
        case .backupVerify(let backup): ["backup", "verify", "\(backup)"]
        case .backupDelete(let backup): ["backup", "delete", "\(backup)", "--yes"]
        case .restorePlan(let request): ["restore", "plan"] + restore(request)
        case .restoreStart(let request): ["restore", "start"] + restore(request) + waiting(request.wait) + ["--yes"]
        case .restoreShow(let job): ["restore", "show", "\(job)"]
        case .restoreList(let environment): ["restore", "list"] + (environment.map { ["\($0)"] } ?? [])
        case .restoreCancel(let job): ["restore", "cancel", "\(job)"]
        case .restoreUndo(let undo):
            ["restore", "undo", "\(undo.restore)"] + (undo.withoutSafety ? ["--without-safety"] : [])
                + waiting(undo.wait) + ["--yes"]
        case .restoreResume(let job): ["restore", "resume", "\(job)"]
        case .downloadPrepare(let prepare): download(prepare)
        case .downloadList(let environment): ["download", "list"] + (environment.map { ["\($0)"] } ?? [])
        case .downloadShow(let download): ["download", "show", "\(download)"]
        case .downloadLinks(let download): ["download", "links", "\(download)"]
        case .downloadRevoke(let download): ["download", "revoke", "\(download)"]
        case .jobList(let all): ["job", "list"] + (all ? ["--all"] : [])
        case .jobShow(let job): ["job", "show", "\(job)"]
        case .jobWatch(let job): ["job", "watch", "\(job)"]
        }
    }

    private func settings(_ node: Name?, _ undoWindowSeconds: Int?) -> [String] {
        (node.map { ["--node", "\($0)"] } ?? []) + (undoWindowSeconds.map { ["--undo-window", "\($0)s"] } ?? [])
    }

    private func location(_ location: ServiceSet.Location) -> [String] {
        switch location {
        case .database(let url): ["--url=\(url.revealed)"]
        case .media(let path): ["--path", path]
        }
    }

    private func selection(_ selectors: [ServiceSelector]) -> [String] {
        selectors.flatMap { selector in
            switch selector {
            case .kind(let kind): ["--\(kind.rawValue)"]
            case .service(let service): ["--service", "\(service)"]
            }
        }
    }

    private func backupList(_ list: BackupList) -> [String] {
        let scope = list.environment.map { "\($0)" } ?? list.project.map { "\($0)" }
        return ["backup", "list"] + (scope.map { [$0] } ?? [])
            + (list.trigger.map { ["--trigger", $0.rawValue] } ?? [])
            + (list.includeDeleted ? ["--deleted"] : []) + ["--limit", "\(list.limit)"]
    }

    private func restore(_ request: RestoreRequest) -> [String] {
        ["\(request.backup)", "--to", "\(request.destination)"] + selection(request.services)
            + request.mappings.flatMap { ["--map", "\($0.from)=\($0.to)"] }
            + (request.withoutSafety ? ["--without-safety"] : [])
    }

    private func download(_ prepare: DownloadPrepare) -> [String] {
        ["download", "prepare", "\(prepare.backup)"] + selection(prepare.services)
            + prepare.files.map { "--file=\($0)" } + prepare.tables.map { "--table=\($0)" }
            + (prepare.source.map { ["--of", "\($0)"] } ?? []) + (prepare.mail.map { ["--mail=\($0)"] } ?? [])
            + ["--expires", "\(prepare.validSeconds)s"] + waiting(prepare.wait)
    }

    private func waiting(_ wait: Bool) -> [String] { wait ? [] : ["--no-wait"] }
}

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
        case .nodeChange(let change): node(change)
        case .nodeRemove(let remove):
            ["node", "remove", "\(remove.node)"] + (remove.isLost ? ["--lost"] : []) + ["--yes"]
        case .nodeScrub(let node): ["node", "scrub", "\(node)"]
        case .policyList: ["policy", "list"]
        case .policySet(let policy): self.policy(policy)
        case .policyRemove(let name): ["policy", "remove", "\(name)"]
        case .catalogRebuild(let rebuild): ["catalog", "rebuild", "--wait", "\(rebuild.waitSeconds)s"]
        case .repairRun(let run): ["repair", "run"] + (run.project.map { ["\($0)"] } ?? []) + waiting(run.wait)
        case .mailTest(let address): ["mail", "test", "\(address)"]
        case .mailList: ["mail", "list"]
        case .mailRetry(let mail): ["mail", "retry", "\(mail)"]
        case .noticeList(let project): ["notice", "list"] + (project.map { ["\($0)"] } ?? [])
        case .noticeAdd(let add):
            ["notice", "add"] + (add.project.map { ["\($0)"] } ?? []) + road(add.road)
                + add.kinds.flatMap { ["--only", $0.rawValue] }
        case .noticeRemove(let target): ["notice", "remove", "\(target)"]
        case .noticeTest(let target): ["notice", "test", "\(target)"]
        case .userList: ["user", "list"]
        case .userShow(let name): ["user", "show"] + (name.map { ["\($0)"] } ?? [])
        case .userInvite(let invite):
            ["user", "invite", "\(invite.name)"] + rights(invite.mail, invite.isAdministrator, invite.roles)
                + ["--valid", "\(invite.validSeconds)s"]
        case .userCreate(let create):
            ["user", "create", "\(create.name)"] + rights(create.mail, create.isAdministrator, create.roles)
                + (create.password.map { ["--password=\($0.revealed)"] } ?? [])
        case .userDisable(let name): ["user", "disable", "\(name)"]
        case .userEnable(let name): ["user", "enable", "\(name)"]
        case .userRemove(let name): ["user", "remove", "\(name)", "--yes"]
        case .userPassword(let password):
            ["user", "password", "\(password.user)"] + (password.current.map { ["--current=\($0.revealed)"] } ?? [])
                + (password.password.map { ["--password=\($0.revealed)"] } ?? [])
        case .userRole(let role):
            switch role.grant {
            case .project(let project, let given):
                ["user", "role", "\(role.user)", "\(project)", given?.rawValue ?? "none"]
            case .administrator(let isOne):
                ["user", "role", "\(role.user)", isOne ? "--administrator" : "--no-administrator"]
            }
        case .tokenList(let user): ["token", "list"] + (user.map { ["\($0)"] } ?? [])
        case .tokenCreate(let create): token(create)
        case .tokenRevoke(let token): ["token", "revoke", "\(token)"]
        case .sessionList(let user): ["session", "list"] + (user.map { ["\($0)"] } ?? [])
        case .sessionRevoke(let session): ["session", "revoke", "\(session)"]
        case .auditList(let list):
            ["audit", "list"] + (list.project.map { ["\($0)"] } ?? []) + (list.user.map { ["--user=\($0)"] } ?? [])
                + (list.since.map { ["--since", "\($0)"] } ?? []) + (list.after.map { ["--after", "\($0)"] } ?? [])
                + ["--limit", "\(list.limit)"]
        case .projectCreate(let create):
            ["project", "create", "\(create.name)"] + (create.policy.map { ["--policy", "\($0)"] } ?? [])
                + (create.copies.map { ["--copies", "\($0)"] } ?? [])
                + (create.regions.map { ["--regions", "\($0)"] } ?? [])
                + (create.allowedRegions ?? []).flatMap { ["--allowed-region", "\($0)"] }
        case .projectList: ["project", "list"]
        case .projectShow(let name): ["project", "show", "\(name)"]
        case .projectPolicy(let change): ["project", "policy", "\(change.project)", "\(change.policy)"]
        case .projectRemove(let name): ["project", "remove", "\(name)", "--yes"]
        case .projectErase(let name): ["project", "erase", "\(name)", "--yes"]
        case .projectRotateKey(let name): ["project", "rotate-key", "\(name)"]
        case .environmentCreate(let create):
            ["environment", "create", "\(create.environment)"]
                + settings(create.node, create.region, create.undoWindowSeconds)
                + ["--schedule", create.schedule?.rawValue ?? "none"]
        case .environmentList(let project): ["environment", "list"] + (project.map { ["\($0)"] } ?? [])
        case .environmentShow(let environment): ["environment", "show", "\(environment)"]
        case .environmentChange(let change):
            ["environment", "change", "\(change.environment)"]
                + settings(change.node, change.region, change.undoWindowSeconds)
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
        case .backupTables(let list):
            ["backup", "tables", "\(list.backup)"] + source(list.source)
                + ["--after", "\(list.after)", "--limit", "\(list.limit)"]
        case .backupFiles(let list):
            ["backup", "files", "\(list.backup)"] + source(list.source)
                + (list.from.map { ["--from=\($0)"] } ?? []) + ["--limit", "\(list.limit)"]
                + (list.path.map { ["--", $0] } ?? [])
        case .backupFind(let find):
            ["backup", "find", find.scope] + source(find.source) + (find.from.map { ["--from=\($0)"] } ?? [])
                + ["--limit", "\(find.limit)", "--", find.pattern]
        case .backupDiff(let diff):
            ["backup", "diff", "\(diff.old)", "\(diff.new)"] + source(diff.source)
                + (diff.from.map { ["--from=\($0)"] } ?? []) + ["--limit", "\(diff.limit)"]
        case .backupGet(let get):
            ["backup", "get", "\(get.backup)"] + source(get.source)
                + (get.what.table.map { ["--table=\($0)"] } ?? []) + (get.what.path.map { ["--", $0] } ?? [])
        case .backupCancel(let backup): ["backup", "cancel", "\(backup)"]
        case .backupVerify(let backup): ["backup", "verify", "\(backup)"]
        case .backupDelete(let backup, let now):
            ["backup", "delete", "\(backup)"] + (now ? ["--now"] : []) + ["--yes"]
        case .backupUndelete(let backup): ["backup", "undelete", "\(backup)"]
        case .backupPin(let backup): ["backup", "pin", "\(backup)"]
        case .backupUnpin(let backup): ["backup", "unpin", "\(backup)"]
        case .backupExpire(let expire): ["backup", "expire", "\(expire.backup)"] + expiry(expire.when)
        case .backupNote(let note): ["backup", "note", "\(note.backup)", "--", note.note]
        case .scheduleSet(let set): schedule(set)
        case .scheduleShow(let environment): ["schedule", "show", "\(environment)"]
        case .scheduleList(let project): ["schedule", "list"] + (project.map { ["\($0)"] } ?? [])
        case .schedulePause(let environment): ["schedule", "pause", "\(environment)"]
        case .scheduleResume(let environment): ["schedule", "resume", "\(environment)"]
        case .scheduleRemove(let environment): ["schedule", "remove", "\(environment)"]
        case .retentionShow(let scope): ["retention", "show", "\(scope)"]
        case .retentionSet(let set): ["retention", "set", "\(set.scope)"] + rules(set.rules)
        case .retentionReset(let scope): ["retention", "reset", "\(scope)"]
        case .retentionPreview(let preview):
            ["retention", "preview", "\(preview.environment)"] + rules(preview.rules)
        case .restorePlan(let request): ["restore", "plan"] + restore(request)
        case .restoreStart(let request): ["restore", "start"] + restore(request) + waiting(request.wait) + ["--yes"]
        case .restoreFile(let request):
            ["restore", "file", "\(request.backup)", "--to", "\(request.destination)"] + source(request.source)
                + (request.service.map { ["--into", "\($0)"] } ?? []) + (request.place.map { ["--at=\($0)"] } ?? [])
                + (request.replaces ? ["--replace"] : []) + waiting(request.wait) + ["--", request.path]
        case .restoreShow(let job): ["restore", "show", "\(job)"]
        case .restoreList(let environment): ["restore", "list"] + (environment.map { ["\($0)"] } ?? [])
        case .restoreCancel(let job): ["restore", "cancel", "\(job)"]
        case .restoreUndo(let undo):
            ["restore", "undo", "\(undo.restore)"] + (undo.withoutSafety ? ["--without-safety"] : [])
                + waiting(undo.wait) + ["--yes"]
        case .restoreResume(let job): ["restore", "resume", "\(job)"]
        case .collectRun(let run):
            ["collect", "run"] + (run.project.map { ["\($0)"] } ?? []) + waiting(run.wait)
        case .downloadPrepare(let prepare): download(prepare)
        case .downloadList(let environment): ["download", "list"] + (environment.map { ["\($0)"] } ?? [])
        case .downloadShow(let download): ["download", "show", "\(download)"]
        case .downloadLinks(let download): ["download", "links", "\(download)"]
        case .downloadRevoke(let download): ["download", "revoke", "\(download)"]
        case .jobList(let all): ["job", "list"] + (all ? ["--all"] : [])
        case .jobShow(let job): ["job", "show", "\(job)"]
        case .jobWatch(let job): ["job", "watch", "\(job)"]
        case .jobCancel(let job): ["job", "cancel", "\(job)"]
        }
    }

    private func rights(_ mail: MailAddress?, _ isAdministrator: Bool, _ roles: [Name: Role]) -> [String] {
        (mail.map { ["--mail=\($0)"] } ?? []) + (isAdministrator ? ["--administrator"] : [])
            + roles.sorted { $0.key < $1.key }.flatMap { ["--role", "\($0.key)=\($0.value.rawValue)"] }
    }

    private func road(_ road: NoticeAdd.Road) -> [String] {
        switch road {
        case .mail(let address): ["--mail=\(address)"]
        case .webhook(let url): ["--webhook=\(url.revealed)"]
        }
    }

    private func token(_ create: TokenCreate) -> [String] {
        ["token", "create"] + (create.user.map { ["--user", "\($0)"] } ?? [])
            + (create.limits.isReadOnly ? ["--read-only"] : [])
            + (create.limits.role.map { ["--role", $0.rawValue] } ?? [])
            + (create.limits.project.map { ["--project", "\($0)"] } ?? [])
            + (create.validSeconds.map { ["--expires", "\($0)s"] } ?? ["--never-expires"]) + ["--", create.label]
    }
    private func source(_ service: ServiceReference?) -> [String] { service.map { ["--of", "\($0)"] } ?? [] }

    /// One of what can be changed at a time, as the grammar has it.
    private func node(_ change: NodeChange) -> [String] {
        if let weight = change.weight { return ["node", "weight", "\(change.node)", "\(weight)"] }
        switch change.maintenance {
        case .begin(let seconds): return ["node", "maintenance", "\(change.node)", "--for", "\(seconds)s"]
        case .end: return ["node", "maintenance", "\(change.node)", "--end"]
        case nil: return ["node", "drain", "\(change.node)"] + (change.isLeaving == false ? ["--stop"] : [])
        }
    }

    private func policy(_ policy: PlacementPolicy) -> [String] {
        var words = ["policy", "set", "\(policy.name)"]
        words += ["--copies", "\(policy.copies)", "--regions", "\(policy.regions)"]
        for region in policy.allowedRegions ?? [] { words += ["--allowed-region", "\(region)"] }
        if let home = policy.home { words += ["--home", "\(home)"] }
        if let degraded = policy.degradedCopies { words += ["--degraded", "\(degraded)"] }
        if let days = policy.lockDays { words += ["--lock", "\(days)"] }
        return words
    }

    private func settings(_ node: Name?, _ region: Name?, _ undoWindowSeconds: Int?) -> [String] {
        (node.map { ["--node", "\($0)"] } ?? []) + (region.map { ["--region", "\($0)"] } ?? [])
            + (undoWindowSeconds.map { ["--undo-window", "\($0)s"] } ?? [])
    }

    private func expiry(_ when: BackupExpire.When) -> [String] {
        switch when {
        case .at(let time): ["--at", "\(time)"]
        case .after(let seconds): ["--after", "\(seconds)s"]
        case .never: ["--never"]
        }
    }

    private func schedule(_ set: ScheduleSet) -> [String] {
        let timing =
            switch set.timing {
            case .preset(let preset): ["--preset", preset.rawValue]
            case .cron(let expression): ["--cron", expression.text]
            }
        return ["schedule", "set", "\(set.environment)"] + timing + (set.zone.map { ["--time-zone=\($0)"] } ?? [])
            + selection(set.services) + (set.jitterSeconds.map { ["--jitter", "\($0)s"] } ?? [])
            + (set.isPaused ? ["--disable"] : [])
    }

    private func rules(_ rules: RetentionRules) -> [String] {
        let options: [(String, Int?)] = [
            ("hourly", rules.hourly), ("daily", rules.daily), ("weekly", rules.weekly), ("monthly", rules.monthly),
            ("on-demand-days", rules.onDemandDays), ("on-demand-count", rules.onDemandCount),
            ("safety-days", rules.safetyDays), ("safety-count", rules.safetyCount), ("failed-days", rules.failedDays),
            ("window-days", rules.windowDays),
        ]
        return options.flatMap { name, value in value.map { ["--\(name)", "\($0)"] } ?? [] }
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
            + (list.after.map { ["--after", "\($0)"] } ?? [])
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

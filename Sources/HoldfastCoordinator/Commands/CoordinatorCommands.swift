import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import Logging

/// Performs every command. One handler each, in a file per noun.
package struct CoordinatorCommands: CommandService {
    package typealias Report = @Sendable (CommandEvent) async -> Void

    let office: Office
    let admission: NodeAdmission
    let parseConnection: Coordinator.ConnectionParser
    let links: DownloadLinks
    let accounts: Accounts
    let repeats = Repeats()
    let messages: MessageRates

    package func principal(bearing token: Secret) async throws -> Principal? {
        try await AccessTokens(office: office).principal(bearing: token)
    }

    package func requireReady() async throws {
        try office.ledger.requireOffice()
        _ = try await office.catalog.get(Setting<Layout>.self, .layout)
    }

    package func perform(
        _ command: Command, as principal: Principal, from origin: Origin,
        report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        try await asked(command, principal, origin) { try await handle(command, principal, report) }
    }

    /// Does what a command asks for, if it may be: what it changes is in the audit.
    func asked<Value>(
        _ command: Command, _ principal: Principal, _ origin: Origin, _ body: () async throws -> Value
    ) async throws -> Value {
        let authorizer = Authorizer(catalog: office.catalog)
        guard let change = command.change else {
            try await authorizer.authorize(command, principal)
            return try await carryOut(body)
        }
        try office.ledger.requireOffice()
        let project = try await authorizer.project(of: command)
        return try await office.audited(
            change, by: principal.name, token: principal.token, from: origin, on: project
        ) {
            try await authorizer.authorize(command, principal)
            office.logger.notice(
                "Command",
                metadata: [
                    "principal": "\(principal.name.printable(limit: 60))",
                    "command": "\(change.printable(limit: 400))",
                ])
            return try await carryOut(body)
        }
    }

    private func carryOut<Value>(_ body: () async throws -> Value) async throws -> Value {
        try office.ledger.requireOffice()
        do {
            return try await body()
        } catch let obstacle as Obstacle {
            throw HoldfastError(
                .unavailable, "This needs \(obstacle.description), which is not here now: try again later")
        }
    }

    private func handle(
        _ command: Command, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        switch command {
        case .clusterStatus: try await clusterStatus(principal)
        case .nodeList: .nodes(await office.registry.statuses)
        case .nodeToken(let token): try await nodeToken(token, principal)
        case .nodeChange(let change): try await changeNode(change)
        case .nodeRemove(let remove): try await removeNode(remove)
        case .nodeScrub(let node): try await scrubNode(node)

        case .policyList: try await listPolicies()
        case .policySet(let policy): try await setPolicy(policy)
        case .policyRemove(let name): try await removePolicy(name)

        case .repairRun(let run): try await repair(run, principal, report)

        case .catalogRebuild(let rebuild): try await rebuildCatalog(rebuild, report)

        case .mailTest(let address): .mail(try await testMail(to: address, principal))
        case .mailList: .mails(try await listMail())
        case .mailRetry(let mail): .mail(try await retryMail(mail))

        case .noticeList(let project): try await listNotices(project)
        case .noticeAdd(let add): try await addNotice(add, principal)
        case .noticeRemove(let target): try await removeNotice(target)
        case .noticeTest(let target): try await testNotice(target, principal)

        case .userList: try await listUsers()
        case .userShow(let name): try await showUser(name, principal)
        case .userInvite(let invite): try await inviteUser(invite, principal)
        case .userCreate(let create): try await createUser(create, principal)
        case .userDisable(let name): try await disableUser(name)
        case .userEnable(let name): try await enableUser(name)
        case .userRemove(let name): try await removeUser(name)
        case .userPassword(let password): try await setPassword(password, principal)
        case .userRole(let role): try await setRole(role)
        case .tokenList(let user): try await listTokens(user, principal)
        case .tokenCreate(let create): try await createToken(create, principal)
        case .tokenRevoke(let token): try await revokeToken(token)
        case .sessionList(let user): try await listSessions(user, principal)
        case .sessionRevoke(let session): try await revokeSession(session)
        case .auditList(let list): try await listAudit(list)

        case .projectCreate(let create): try await createProject(create)
        case .projectList: try await listProjects(principal)
        case .projectShow(let name): try await showProject(name)
        case .projectPolicy(let change): try await setPolicy(of: change)
        case .projectRemove(let name): try await removeProject(name)
        case .projectErase(let name): try await eraseProject(name, principal)
        case .projectRotateKey(let name): try await rotateKey(of: name)

        case .environmentCreate(let create): try await createEnvironment(create, principal)
        case .environmentList(let project): try await listEnvironments(project, principal)
        case .environmentShow(let environment): try await showEnvironment(environment)
        case .environmentChange(let change): try await changeEnvironment(change)
        case .environmentRemove(let environment): try await removeEnvironment(environment)
        case .environmentCheck(let environment): try await checkEnvironment(environment)
        case .serviceSet(let set): try await setService(set)
        case .serviceRemove(let environment, let service): try await removeService(environment, service)

        case .backupCreate(let create): try await createBackup(create, principal, report)
        case .backupList(let list): try await listBackups(list, principal)
        case .backupShow(let backup): try await showBackup(backup, principal)
        case .backupTables(let list): try await listTables(list)
        case .backupFiles(let list): try await listFiles(list)
        case .backupFind(let find): try await findFiles(find, principal, report)
        case .backupDiff(let diff): try await compareBackups(diff)
        case .backupGet(let get): try await giveContent(get, report)
        case .backupCancel(let backup): try await cancelBackup(backup)
        case .backupVerify(let backup): try await verifyBackup(backup, principal, report)
        case .backupDelete(let backup, let now): try await deleteBackup(backup, now: now, principal)
        case .backupUndelete(let backup): try await undeleteBackup(backup, principal)
        case .backupPin(let backup): try await pinBackup(backup, principal)
        case .backupUnpin(let backup): try await unpinBackup(backup, principal)
        case .backupExpire(let expire): try await expireBackup(expire, principal)
        case .backupNote(let note): try await noteBackup(note, principal)

        case .scheduleSet(let set): try await setSchedule(set, principal)
        case .scheduleShow(let environment): try await showSchedule(environment)
        case .scheduleList(let project): try await listSchedules(project, principal)
        case .schedulePause(let environment): try await pauseSchedule(environment)
        case .scheduleResume(let environment): try await resumeSchedule(environment)
        case .scheduleRemove(let environment): try await removeSchedule(environment)

        case .retentionShow(let scope): try await showRetention(scope)
        case .retentionSet(let set): try await setRetention(set)
        case .retentionReset(let scope): try await resetRetention(scope)
        case .retentionPreview(let preview): try await previewRetention(preview)

        case .restorePlan(let request): try await planRestore(request)
        case .restoreStart(let request): try await startRestore(request, principal, report)
        case .restoreFile(let request): try await restoreFile(request, principal, report)
        case .restoreShow(let job): try await showRestore(job)
        case .restoreList(let environment): try await listRestores(environment, principal)
        case .restoreCancel(let job): try await cancelRestore(job)
        case .restoreUndo(let undo): try await undoRestore(undo, principal, report)
        case .restoreResume(let job): try await resumeRestore(job)

        case .collectRun(let run): try await collect(run, principal, report)

        case .downloadPrepare(let prepare): try await prepareDownload(prepare, principal, report)
        case .downloadList(let environment): try await listDownloads(environment, principal)
        case .downloadShow(let download): try await showDownload(download)
        case .downloadLinks(let download): try await linksOfDownload(download)
        case .downloadRevoke(let download): try await revokeDownload(download)

        case .jobList(let all): try await listJobs(all: all, principal)
        case .jobShow(let job): try await showJob(job)
        case .jobWatch(let job): try await watchJob(job, report)
        case .jobCancel(let job): try await cancelJob(job)
        }
    }
}

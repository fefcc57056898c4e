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

    package func principal(bearing token: Secret) async throws -> Principal? {
        try await AccessTokens(office: office).principal(bearing: token)
    }

    package func perform(
        _ command: Command, as principal: Principal, report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        try await Authorizer(catalog: office.catalog).authorize(command, principal)
        try office.ledger.requireOffice()
        if let change = command.change {
            office.logger.notice(
                "Command", metadata: ["principal": "\(principal.name.printable(limit: 60))", "command": "\(change)"])
        }
        do {
            return try await handle(command, principal, report)
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

        case .projectCreate(let create): try await createProject(create)
        case .projectList: try await listProjects(principal)
        case .projectShow(let name): try await showProject(name)
        case .projectRemove(let name): try await removeProject(name)

        case .environmentCreate(let create): try await createEnvironment(create)
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
        case .backupCancel(let backup): try await cancelBackup(backup)
        case .backupVerify(let backup): try await verifyBackup(backup, principal, report)
        case .backupDelete(let backup): try await deleteBackup(backup)

        case .restorePlan(let request): try await planRestore(request)
        case .restoreStart(let request): try await startRestore(request, principal, report)
        case .restoreShow(let job): try await showRestore(job)
        case .restoreList(let environment): try await listRestores(environment, principal)
        case .restoreCancel(let job): try await cancelRestore(job)
        case .restoreUndo(let undo): try await undoRestore(undo, principal, report)
        case .restoreResume(let job): try await resumeRestore(job)

        case .downloadPrepare(let prepare): try await prepareDownload(prepare, principal, report)
        case .downloadList(let environment): try await listDownloads(environment, principal)
        case .downloadShow(let download): try await showDownload(download)
        case .downloadLinks(let download): try await linksOfDownload(download)
        case .downloadRevoke(let download): try await revokeDownload(download)

        case .jobList(let all): try await listJobs(all: all, principal)
        case .jobShow(let job): try await showJob(job)
        case .jobWatch(let job): try await watchJob(job, report)
        }
    }
}

import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Drives one restore of a file or directory.
package actor FileRestoreJob: JobWork {
    private let id: JobID
    private let environment: EnvironmentReference
    private let office: Office

    package init(_ job: Job, _ office: Office) {
        id = job.id
        environment = job.environment
        self.office = office
    }

    package func demand(
        for action: FileRestoreMachine.Action, of machine: FileRestoreMachine
    ) async throws -> QueueDemand? {
        guard action == .place else { return nil }
        return QueueDemand(project: environment.project, node: machine.plan.node, isPinned: true)
    }

    package nonisolated func isWatched(_ action: FileRestoreMachine.Action) -> Bool { action == .place }

    package func perform(
        _ action: FileRestoreMachine.Action, of machine: FileRestoreMachine,
        report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<FileRestoreMachine.Event> {
        let plan = machine.plan
        switch action {
        case .claim: return try await claim(plan)
        case .place: return Outcome(.placed(try await place(plan, report)))
        case .tidy:
            let message = TidyFiles(order: office.order(for: id), target: try await target(of: plan))
            return Outcome(.tidied(try await office.call(plan.node, message).report))
        }
    }

    private func claim(_ plan: FileRestoreMachine.Plan) async throws -> Outcome<FileRestoreMachine.Event> {
        let target = try await target(of: plan)
        let check = CheckServices.Check(target: target, purpose: .exchange)
        let found = try await office.call(plan.node, CheckServices(services: [check]))
        if let problem = found.problems.first(where: { $0.severity == .error }) {
            throw HoldfastError(
                .checkFailed, "\(plan.service) of \(plan.destination) can't be restored to: \(problem.message)")
        }
        guard let identity = found.services.first?.identity else {
            throw HoldfastError(
                .checkFailed,
                """
                What \(plan.service) of \(plan.destination) physically is could not be told: look with \
                `holdfast environment check \(plan.destination)`
                """)
        }
        let (project, _) = try await source(of: plan)
        if let region = await office.registry.region(of: plan.node), let allowed = project.policy.allowedRegions,
            !allowed.contains(region)
        {
            throw HoldfastError(
                .checkFailed,
                """
                The destination is in region \(region), and the policy of project \(project.name) allows its data only in \
                \(allowed.map(\.text).joined(separator: ", "))
                """)
        }
        return Outcome(
            .claimed, changes: try await office.claim([identity], for: id, destination: plan.destination).changes)
    }

    private func place(
        _ plan: FileRestoreMachine.Plan, _ report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> FileRestoreReport {
        let (project, part) = try await source(of: plan)
        let destination = try await office.projects[plan.destination.project].record().value
        let message = RestoreFiles(
            order: office.order(for: id), project: project.id,
            keys: try await office.projects[project.name].keys(of: project), manifest: part.manifest,
            references: part.references, terms: await office.termsForReading(project.policy),
            target: try await target(of: plan), path: plan.path, place: plan.place, replaces: plan.replaces,
            isForeign: project.id != destination.id)
        return try await office.call(plan.node, message) { await report(.progress($0)) }
    }

    private func source(of plan: FileRestoreMachine.Plan) async throws -> (project: Project, part: BackupPart) {
        guard let backup = try await office.catalog.get(Backup.self, plan.backup)?.value, backup.state == .complete,
            let part = backup.parts.first(where: { $0.service == plan.source })
        else {
            throw HoldfastError(.notFound, "There is no complete backup \(plan.backup) with \(plan.source) any more")
        }
        let actor = await office.projects[backup.environment.project]
        return (try await actor.record(backup.project).value, part)
    }

    private func target(of plan: FileRestoreMachine.Plan) async throws -> ServiceTarget {
        let environment = try await office.environments.record(plan.destination).value
        return try ServiceTargets(environment: environment, clusterKey: office.clusterKey).target(plan.service)
    }

    package func changes(from old: FileRestoreMachine, to new: FileRestoreMachine) async throws -> Changes {
        guard old.holdsClaim, !new.holdsClaim else { return Changes() }
        var changes = Changes()
        if let claim = try await office.catalog.get(Claim.self, id) { changes.delete(claim) }
        return changes
    }

    package func reached(_ machine: FileRestoreMachine) async {
        if machine.ending != nil { await office.environments[environment].dismiss(id) }
    }
}

import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Drives the restore saga: gives the destination's worker the orders, and writes claims and takings-over in the same
/// transaction as the saga's next state.
package actor RestoreRunner: JobWork {
    nonisolated let id: JobID
    nonisolated let author: String
    nonisolated let plan: RestorePlan
    nonisolated let office: Office

    package init(_ job: Job, _ saga: RestoreSaga, _ office: Office) {
        id = job.id
        author = job.author
        plan = saga.plan
        self.office = office
    }

    /// From the exchange on nothing holds it up, and what only tidies up needs no place.
    package func demand(for action: RestoreSaga.Action, of saga: RestoreSaga) async throws -> QueueDemand? {
        switch action {
        case .clean, .unwind, .release, .confirm: return nil
        case .check, .claim, .safetyBackup, .stage, .verify, .swap: break
        }
        let destination = try? await office.environments.record(plan.destination).value
        var demand = QueueDemand(
            project: plan.destination.project, node: plan.node,
            servers: destination?.servers(of: plan.mappings.map(\.to), reachedFrom: plan.node) ?? [])
        demand.canWait = saga.step != .swap
        return demand
    }

    /// Where there is no way back, work that hangs is waited for: what it came to could not be told.
    package nonisolated func isWatched(_ action: RestoreSaga.Action) -> Bool {
        switch action {
        case .stage, .verify: true
        case .check, .claim, .safetyBackup, .swap, .confirm, .release, .clean, .unwind: false
        }
    }

    package func perform(
        _ action: RestoreSaga.Action, of saga: RestoreSaga, report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<RestoreSaga.Event> {
        switch action {
        case .check: try await check()
        case .claim(let identities): try await claim(identities)
        case .safetyBackup(let backup): try await takeSafetyBackup(backup, report)
        case .stage: try await stage(saga, report)
        case .verify(let staged): try await verify(staged, saga, report)
        case .swap(let staged): try await swap(staged, saga, report)
        case .confirm(let staged): try await confirm(staged)
        case .release: try await release(saga)
        case .clean(let staged): try await clean(staged)
        case .unwind(let staged): try await unwind(staged, saga)
        }
    }

    package func changes(from old: RestoreSaga, to new: RestoreSaga) async throws -> Changes { Changes() }

    package func reached(_ saga: RestoreSaga) async {
        let environment = await office.environments[plan.destination]
        switch saga.step {
        case .check, .claim, .safetyBackup, .stage, .verify, .swap, .confirm: return
        case .release, .clean: await environment.leave(.exchange, id)
        case .unwind:
            await environment.leave(.exchange, id)
            await cancelSafetyBackup()
        case .kept, .ended: await environment.dismiss(id)
        }
        await office.physical.leave(id)
    }

    func context() async throws -> RestoreContext { try await RestoreContext.load(plan, job: id, office) }

    // MARK: the worker's steps

    private func stage(
        _ saga: RestoreSaga, _ report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<RestoreSaga.Event> {
        let context = try await context()
        let message = StageServices(
            order: office.order(for: id), project: context.project.id, keys: context.keys,
            services: context.stages(of: saga), terms: context.terms)
        let reply = try await office.call(plan.node, message) { await report(.progress($0)) }
        guard reply.services.map(\.service).sorted() == plan.mappings.map(\.to).sorted() else {
            throw HoldfastError(.internal, "The node staged other services than it was asked to")
        }
        return Outcome(.staged(reply.services, warnings: reply.warnings))
    }

    private func verify(
        _ staged: [StagedService], _ saga: RestoreSaga, _ report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<RestoreSaga.Event> {
        let context = try await context()
        let items = context.stages(of: saga).compactMap { stage in
            staged.first { $0.service == stage.target.service }.map { VerifyStaged.Item(stage: stage, staged: $0) }
        }
        let message = VerifyStaged(
            order: office.order(for: id), project: context.project.id, keys: context.keys, services: items,
            terms: context.terms)
        _ = try await office.call(plan.node, message) { await report(.progress($0)) }
        return Outcome(.verified)
    }

    private func swap(
        _ staged: [StagedService], _ saga: RestoreSaga, _ report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<RestoreSaga.Event> {
        try await office.environments[plan.destination].enter(.exchange, id)
        try await office.physical.exchange(id, saga.identities)
        var message = SwapServices(order: office.order(for: id), services: try await items(staged))
        if !saga.keepsOld {
            let context = try await context()
            message.source = context.source
            for index in message.services.indices where message.services[index].staged.isInPlace {
                let service = message.services[index].target.service
                message.services[index].content =
                    zip(context.targets, context.contents)
                    .first { $0.0.service == service }?.1
            }
        }
        let reply = try await office.call(plan.node, message) { await report(.progress($0)) }
        return Outcome(.swapped(reply.side, reason: reply.reason, warnings: reply.warnings))
    }

    private func confirm(_ staged: [StagedService]) async throws -> Outcome<RestoreSaga.Event> {
        let message = ConfirmSwap(order: office.order(for: id), services: try await items(staged))
        _ = try await office.call(plan.node, message)
        return Outcome(.confirmed)
    }

    private func release(_ saga: RestoreSaga) async throws -> Outcome<RestoreSaga.Event> {
        guard saga.keepsOld else {
            return Outcome(.released(undoUntil: nil), changes: try await releaseOfClaim())
        }
        let undoUntil = office.clock.now.advanced(by: .seconds(plan.undoWindowSeconds))
        return Outcome(.released(undoUntil: undoUntil), changes: try await releaseOfClaim())
    }

    private func clean(_ staged: [StagedService]) async throws -> Outcome<RestoreSaga.Event> {
        try await drop(.old, staged)
        return Outcome(.cleaned)
    }

    private func unwind(_ staged: [StagedService], _ saga: RestoreSaga) async throws -> Outcome<RestoreSaga.Event> {
        if saga.hasBegunStaging {
            switch plan.source {
            case .backup: try await drop(.staged, staged)
            case .kept(let earlier): try await drop(.givenBack(to: earlier), staged)
            }
        }
        var changes = try await releaseOfClaim()
        changes.add(try await givingBack())
        return Outcome(.unwound, changes: changes)
    }

    private func drop(_ aside: DropAside.Aside, _ staged: [StagedService]) async throws {
        let targets = try await targets()
        let items = staged.compactMap { service in
            targets.first { $0.service == service.service }.map { SwapServices.Item(target: $0, staged: service) }
        }
        let message = DropAside(order: office.order(for: id), services: items, targets: targets, aside: aside)
        _ = try await office.call(plan.node, message)
    }

    private func items(_ staged: [StagedService]) async throws -> [SwapServices.Item] {
        let targets = try await targets()
        return try staged.map { service in
            guard let target = targets.first(where: { $0.service == service.service }) else {
                throw HoldfastError(.internal, "\(service.service) is staged, and not in the plan")
            }
            return SwapServices.Item(target: target, staged: service)
        }
    }

    /// The destination's services alone: once everything is staged nothing depends on the source any more.
    private func targets() async throws -> [ServiceTarget] {
        let destination = try await office.environments.record(plan.destination).value
        let opener = ServiceTargets(environment: destination, clusterKey: office.clusterKey)
        return try plan.mappings.map { try opener.target($0.to) }
    }
}

import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Drives one backup: has a worker capture the services, checks the receipt against the project's policy, and writes the
/// complete backup in the transaction that ends the job.
package actor BackupJob: JobWork {
    private let id: JobID
    private let project: ProjectID
    private let environment: EnvironmentReference
    private let office: Office

    package init(_ job: Job, _ office: Office) {
        id = job.id
        project = job.project
        environment = job.environment
        self.office = office
    }

    /// A safety backup is part of a restore that has its place.
    package func demand(for action: BackupMachine.Action, of machine: BackupMachine) async throws -> QueueDemand? {
        guard case .capture = action, let backup = try await office.catalog.get(Backup.self, machine.backup)?.value,
            backup.trigger != .safety
        else { return nil }
        let record = try await office.environments.record(environment).value
        var demand = try await office.demand(on: record, machine.services)
        demand.captures = true
        demand.origin = backup.trigger == .scheduled ? .schedule : .person
        return demand
    }

    package nonisolated func isWatched(_ action: BackupMachine.Action) -> Bool {
        if case .capture = action { true } else { false }
    }

    package func perform(
        _ action: BackupMachine.Action, of machine: BackupMachine,
        report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<BackupMachine.Event> {
        switch action {
        case .capture: try await capture(machine, report)
        case .record(_, let receipt): try await record(receipt)
        }
    }

    /// The backup itself is written by `changes`, together with the end of the job.
    private func record(_ receipt: Receipt) async throws -> Outcome<BackupMachine.Event> {
        // It may have waited long for nodes that keep the keys.
        guard receipt.heldUntil > office.now.advanced(by: .seconds(60 * 60)) else {
            throw HoldfastError(
                .checkFailed, "Nodes kept what was captured until \(receipt.heldUntil.plain) UTC only: back up again")
        }
        let record = try await office.projects[environment.project].record(project).value
        try await office.securedKeys.secure(record, in: office)
        return Outcome(.recorded)
    }

    private func capture(
        _ machine: BackupMachine, _ report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<BackupMachine.Event> {
        guard let backup = try await office.catalog.get(Backup.self, machine.backup)?.value else {
            throw HoldfastError(.notFound, "There is no backup \(machine.backup) for job \(id) to make")
        }
        let record = try await office.environments.record(environment).value
        let project = try await office.projects[environment.project].record(project).value
        let targets = ServiceTargets(environment: record, clusterKey: office.clusterKey)
        let services = try machine.services.map(targets.target)
        let node = try await office.worker(for: record)
        let message = CaptureServices(
            order: office.order(for: id), backup: machine.backup, project: project.id, environment: environment,
            notes: backup.notes,
            keys: try await office.projects[environment.project].keys(of: project), services: services,
            previous: machine.fullRead ? [] : try await previous(of: machine.services),
            terms: try await office.termsForWriting(project.policy),
            holdUntil: office.now.advanced(by: office.configuration.holdFor),
            lockUntil: project.policy.lockDays.map { office.now.advanced(by: .seconds($0 * 24 * 60 * 60)) })
        let actor = await office.environments[environment]
        try await actor.enter(.capture, id)
        do {
            try await office.physical.capture(id, try await identities(of: services, on: node))
            let reply = try await office.call(node, message) { await report(.progress($0)) }
            await office.physical.leave(id)
            await actor.leave(.capture, id)
            // By the layout of now: the one the node named may be newer than ours was.
            if let fault = reply.receipt.fault(by: project.policy, in: await office.registry.layout) { throw fault }
            var changes = Changes()
            for note in reply.notes ?? [] {
                let text = JournalText(note.printable(limit: 2000))
                changes.writes.append(.journal(id, at: office.now, entry: text.entry))
            }
            return Outcome(.captured(parts: reply.parts, receipt: reply.receipt), changes: changes)
        } catch {
            await office.physical.leave(id)
            await actor.leave(.capture, id)
            throw error
        }
    }

    /// What the services physically are, so that no restore exchanges the same under another environment's name meanwhile;
    /// nil where that can't be told. What else is wrong with them the capture itself finds.
    private func identities(of services: [ServiceTarget], on node: NodeID) async throws -> [PhysicalIdentity]? {
        let checks = services.map { CheckServices.Check(target: $0, purpose: .capture) }
        let identities = try await office.call(node, CheckServices(services: checks)).services.compactMap(\.identity)
        return identities.count == services.count ? identities : nil
    }

    /// For each service its newest complete backup, among the last few hundred.
    private func previous(of services: [ServiceReference]) async throws -> [CaptureServices.Previous] {
        var missing = Set(services)
        var found: [CaptureServices.Previous] = []
        let backups = try await office.catalog.list(
            Backup.self, scope: environment.description, descending: true, limit: 300)
        for backup in backups.map(\.value) where backup.state == .complete && backup.project == project {
            for part in backup.parts where missing.remove(part.service) != nil {
                found.append(
                    CaptureServices.Previous(
                        service: part.service, manifest: part.manifest, references: part.references,
                        startedAt: part.startedAt))
            }
            if missing.isEmpty { break }
        }
        return found
    }

    package func changes(from old: BackupMachine, to new: BackupMachine) async throws -> Changes {
        guard old.ending == nil, let ending = new.ending,
            let stored = try await office.catalog.get(Backup.self, new.backup)
        else { return Changes() }
        var backup = stored.value
        backup.endedAt = office.now
        switch ending {
        case .complete:
            (backup.state, backup.parts, backup.receipt) = (.complete, new.parts, new.receipt)
        case .failed(let error): (backup.state, backup.failure) = (.failed, error)
        case .cancelled: backup.state = .cancelled
        }
        var changes = Changes()
        try changes.put(backup, over: stored)
        return changes
    }

    package func reached(_ machine: BackupMachine) async {
        guard machine.ending != nil else { return }
        await office.physical.leave(id)
        await office.environments[environment].dismiss(id)
        office.reviews.ask(for: environment)
    }
}

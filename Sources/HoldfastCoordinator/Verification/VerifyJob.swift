import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Drives one verification: has a worker read everything that a backup refers to.
package actor VerifyJob: JobWork {
    private let id: JobID
    private let environment: EnvironmentReference
    private let office: Office

    package init(_ job: Job, _ office: Office) {
        id = job.id
        environment = job.environment
        self.office = office
    }

    package func demand(for action: VerifyMachine.Action, of machine: VerifyMachine) async throws -> QueueDemand? {
        let record = try await office.catalog.get(Environment.self, environment)?.value
        let (node, isPinned) = try await office.likelyWorker(for: record)
        return QueueDemand(project: environment.project, node: node, isPinned: isPinned)
    }

    package nonisolated func isWatched(_ action: VerifyMachine.Action) -> Bool { true }

    package func perform(
        _ action: VerifyMachine.Action, of machine: VerifyMachine,
        report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<VerifyMachine.Event> {
        guard let backup = try await office.catalog.get(Backup.self, machine.backup)?.value, backup.state == .complete
        else { throw HoldfastError(.notFound, "There is no complete backup \(machine.backup) any more") }
        let actor = await office.projects[backup.environment.project]
        let project = try await actor.record(backup.project).value
        let node = try await office.worker(for: office.catalog.get(Environment.self, environment)?.value)
        let message = VerifyBackup(
            project: project.id, keys: try await actor.keys(of: project),
            parts: backup.parts.map {
                VerifyBackup.Part(service: $0.service, manifest: $0.manifest, references: $0.references)
            },
            terms: await office.termsForReading(project.policy))
        return Outcome(.verified(try await office.call(node, message) { await report(.progress($0)) }))
    }

    package func changes(from old: VerifyMachine, to new: VerifyMachine) async throws -> Changes { Changes() }

    package func reached(_ machine: VerifyMachine) async {
        if machine.ending != nil { await office.environments[environment].dismiss(id) }
    }
}

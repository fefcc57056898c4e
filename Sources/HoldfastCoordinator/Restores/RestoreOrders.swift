import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

/// Turns what a person asks for into a restore's plan, and the plan into a job.
struct RestoreOrders: Sendable {
    let office: Office

    func plan(for request: RestoreRequest) async throws -> (plan: RestorePlan, environment: Stored<Environment>) {
        guard let backup = try await office.catalog.get(Backup.self, request.backup)?.value else {
            throw HoldfastError(.notFound, "There is no backup \(request.backup)")
        }
        guard backup.state == .complete else {
            throw HoldfastError(
                .checkFailed,
                "Backup \(request.backup) is \(backup.state.rawValue); only a complete one can be restored")
        }
        let environment = try await office.environments.record(request.destination)
        let mappings = try Self.mappings(request, backup, environment.value)
        return (
            try await plan(
                .backup(request.backup), environment.value, mappings, withoutSafety: request.withoutSafety),
            environment
        )
    }

    /// Inside the undo window what was kept, later the safety backup.
    func plan(
        for undo: UndoRequest
    ) async throws -> (plan: RestorePlan, environment: Stored<Environment>, isExact: Bool) {
        guard let earlier = try await office.catalog.get(Job.self, undo.restore)?.value,
            case .restore(let saga) = earlier.machine
        else { throw HoldfastError(.notFound, "There is no restore \(undo.restore)") }
        try Self.requireUndoable(earlier, saga)
        if let later = try await office.laterRestore(than: earlier, saga, over: saga.identities) {
            throw Office.touched(by: later, saga)
        }
        let environment = try await office.environments.record(saga.plan.destination)
        let mappings = saga.plan.mappings.map { RestorePlan.Mapping(from: $0.to, to: $0.to) }
        let isExact = saga.step == .kept && saga.undoUntil.map { $0 > office.clock.now } ?? false
        let source: RestorePlan.Source
        if isExact {
            source = .kept(undo.restore)
        } else if let safety = saga.plan.safetyBackup {
            source = .backup(safety)
            let state = try await office.catalog.get(Backup.self, safety)?.value.state
            guard state == .complete else {
                throw HoldfastError(.checkFailed, "The safety backup \(safety) of restore \(undo.restore) was deleted")
            }
        } else {
            throw HoldfastError(
                .checkFailed,
                "The undo window of restore \(undo.restore) is over, and it was started without a safety backup")
        }
        var plan = try await plan(source, environment.value, mappings, withoutSafety: undo.withoutSafety)
        // What was kept lies on the node that kept it.
        if isExact { plan.node = saga.plan.node }
        return (plan, environment, isExact)
    }

    func create(_ plan: RestorePlan, _ environment: Stored<Environment>, author: String) async throws -> Job {
        let project = try await office.projects[plan.destination.project].record().value
        let job = Job(
            id: office.identifier(), project: project.id, environment: plan.destination, author: author,
            createdAt: office.now, machine: .restore(RestoreSaga(plan: plan)))
        var changes = Changes(expects: [.unchanged(environment)])
        // The source is written anew, so that it can't be deleted at the same time.
        if case .backup(let id) = plan.source, let backup = try await office.catalog.get(Backup.self, id) {
            try changes.put(backup.value, over: backup)
        }
        try await office.create(job, "restore into \(plan.destination), by \(author)", changes)
        return job
    }

    private func plan(
        _ source: RestorePlan.Source, _ environment: Environment, _ mappings: [RestorePlan.Mapping],
        withoutSafety: Bool
    ) async throws -> RestorePlan {
        RestorePlan(
            source: source, destination: environment.reference, mappings: mappings,
            safetyBackup: withoutSafety ? nil : office.identifier(), undoWindowSeconds: environment.undoWindowSeconds,
            node: try await office.worker(for: environment))
    }

    private static func requireUndoable(_ job: Job, _ saga: RestoreSaga) throws {
        if case .undone(let by) = saga.ending {
            throw HoldfastError(
                .conflict,
                "Restore \(job.id) was undone by restore \(by) already: to bring its content back, undo that one")
        }
        guard saga.side == .new else {
            throw HoldfastError(
                .conflict, "Restore \(job.id) is \(job.status.rawValue) and has changed nothing that could be undone")
        }
        if let attention = saga.attention, saga.step != .clean {
            throw HoldfastError(
                .needsAttention,
                "Restore \(job.id) waits for a person in step \(attention.step): \(attention.whatToDo)",
                context: ["job": job.id.text])
        }
        switch saga.step {
        case .kept, .clean, .ended: return
        default:
            throw HoldfastError(.busy, "Restore \(job.id) is still in step \(saga.stepTitle): wait for its end")
        }
    }

    static func mappings(
        _ request: RestoreRequest, _ backup: Backup, _ environment: Environment
    ) throws -> [RestorePlan.Mapping] {
        let parts = backup.parts.map(\.service)
        for mapping in request.mappings {
            guard parts.contains(mapping.from) else {
                throw HoldfastError(.notFound, "Backup \(backup.id) has no part \(mapping.from)")
            }
            guard mapping.from.kind == mapping.to.kind else {
                throw HoldfastError(
                    .invalidArgument, "\(mapping.from) can't go to \(mapping.to), which is of another kind")
            }
        }
        let mappings = try request.services.choose(from: parts, of: "Backup \(backup.id)").sorted().map { part in
            request.mappings.first { $0.from == part } ?? RestorePlan.Mapping(from: part, to: part)
        }
        guard Set(mappings.map(\.to)).count == mappings.count else {
            throw HoldfastError(.invalidArgument, "Two parts would go to the same service of \(environment.reference)")
        }
        guard Set(request.mappings.map(\.from)).isSubset(of: mappings.map(\.from)) else {
            throw HoldfastError(.invalidArgument, "A part is to go to another service, and is not among those chosen")
        }
        for mapping in mappings where !environment.services.contains(where: { $0.reference == mapping.to }) {
            throw HoldfastError(
                .notFound,
                """
                \(environment.reference) has no service \(mapping.to): add it with `holdfast service set`, choose among \
                the parts, or map the part to another service
                """)
        }
        return mappings
    }
}

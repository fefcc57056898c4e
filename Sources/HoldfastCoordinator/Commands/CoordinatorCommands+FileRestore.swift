import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func restoreFile(
        _ request: FileRestoreRequest, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        guard let stored = try await office.catalog.get(Backup.self, request.backup) else {
            throw HoldfastError(.notFound, "There is no backup \(request.backup)")
        }
        let backup = stored.value
        guard backup.state == .complete else {
            throw HoldfastError(
                .checkFailed, "Backup \(backup.id) is \(backup.state.rawValue); only a complete one can be restored")
        }
        let source = try backup.part(.media, request.source).service
        let environment = try await office.environments.record(request.destination)
        let service = try Self.service(request, source, environment.value)
        let path = Self.trimmed(request.path)
        let place = request.place.map { Self.trimmed($0) } ?? path
        guard !path.isEmpty, !place.isEmpty else {
            throw HoldfastError(
                .invalidArgument, "All of the media is restored with `holdfast restore start \(backup.id)`")
        }
        let plan = FileRestoreMachine.Plan(
            backup: backup.id, source: source, path: path, destination: request.destination, service: service,
            place: place, replaces: request.replaces, node: try await office.worker(for: environment.value))
        let project = try await office.projects[request.destination.project].record().value
        let job = Job(
            id: office.identifier(), project: project.id, environment: request.destination, author: principal.name,
            createdAt: office.now, machine: .fileRestore(FileRestoreMachine(plan: plan)))
        var changes = Changes(expects: [.unchanged(environment)])
        // The source is written anew, so that it can't be deleted at the same time.
        try changes.put(backup, over: stored)
        try await office.create(job, "restore of a file into \(plan.destination), by \(principal.name)", changes)
        let accepted = Accepted(job: job.id)
        guard let end = try await launch(job, accepted, wait: request.wait, report),
            let detail = FileRestoreDetail(of: end)
        else { return .accepted(accepted) }
        return .fileRestore(detail)
    }

    private static func service(
        _ request: FileRestoreRequest, _ source: ServiceReference, _ environment: Environment
    ) throws -> ServiceReference {
        let media = environment.services.map(\.reference).filter { $0.kind == .media }
        let wanted = request.service ?? (media.contains(source) || media.count != 1 ? source : media[0])
        guard media.contains(wanted) else {
            let names = media.map(\.description).joined(separator: ", ")
            throw HoldfastError(
                .notFound,
                "\(request.destination) has no \(wanted)\(names.isEmpty ? "" : "; it has \(names): say which with --into")"
            )
        }
        return wanted
    }
}

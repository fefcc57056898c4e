import HoldfastArchive
import HoldfastCommands
import HoldfastModel
import HoldfastWire

/// What is in which backup, as a node reads it in the manifests.
extension CoordinatorCommands {
    func findFiles(
        _ find: BackupFind, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        try Self.require(find.limit, in: BackupFind.limitRange)
        _ = try PathPattern(find.pattern)
        if let source = find.source, source.kind != .media {
            throw HoldfastError(.invalidArgument, "\(source) is no media")
        }
        var search = BackupSearch(find, self, isVisible: try await office.visibility(to: principal))
        let page = try await search.run(report)
        if page.parts.isEmpty, find.from == nil { try await requireKnown(find) }
        return .found(page)
    }

    /// That nothing is found where nothing can be is a mistyped name.
    private func requireKnown(_ find: BackupFind) async throws {
        _ = try await office.projects[find.project].record()
        if let name = find.environment {
            _ = try await office.environments.record(EnvironmentReference(project: find.project, environment: name))
        }
    }

    func compareBackups(_ diff: BackupDiff) async throws -> CommandResult {
        try Self.require(diff.limit, in: BackupDiff.limitRange)
        let (old, new) = (try await storedBackup(diff.old), try await storedBackup(diff.new))
        guard old.project == new.project else {
            throw HoldfastError(
                .invalidArgument,
                "Backups of two projects can't be compared: what is alike is recognised within a project only")
        }
        var services = old.parts.map(\.service)
        services += new.parts.map(\.service).filter { !services.contains($0) }
        if let source = diff.source {
            guard services.contains(source) else {
                throw HoldfastError(.notFound, "Neither of the backups has \(source)")
            }
            services = [source]
        }
        guard diff.from == nil || services.count == 1 else {
            throw HoldfastError(.invalidArgument, "Say which service the page is of: --of \(services[0])")
        }
        var result = BackupDiffResult(old: .init(old), new: .init(new), services: [])
        for service in services { result.services.append(try await compare(service, old, new, diff)) }
        return .difference(result)
    }

    private func compare(
        _ service: ServiceReference, _ old: Backup, _ new: Backup, _ diff: BackupDiff
    ) async throws -> BackupDiffResult.Service {
        guard let before = old.parts.first(where: { $0.service == service }) else {
            return .init(service: service, state: .onlyNew)
        }
        guard let after = new.parts.first(where: { $0.service == service }) else {
            return .init(service: service, state: .onlyOld)
        }
        do {
            let look = try await look(at: after, of: new)
            let message = CompareParts(
                project: look.project, keys: look.keys, old: before.manifest, new: after.manifest, terms: look.terms,
                from: diff.from, limit: diff.limit)
            let (_, bulk) = try await office.call(look.node, message, bulk: [])
            let difference = try WireJSON.value(PartDifference.self, from: bulk, "difference of parts")
            return .init(service: service, state: .both, difference: difference)
        } catch let error as HoldfastError where error.isAboutOnePart {
            return .init(service: service, state: .both, failure: error)
        }
    }
}

extension HoldfastError {
    /// Whether others may be read where this one could not be.
    var isAboutOnePart: Bool {
        [.corrupt, .notFound, .unsupported, .malformed, .inputOutput, .unavailable, .timedOut].contains(code)
    }
}

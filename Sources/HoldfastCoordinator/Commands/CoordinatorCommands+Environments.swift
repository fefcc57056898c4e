import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastWire

extension CoordinatorCommands {
    private static let undoWindowLimit = 90 * 24 * 60 * 60

    func createEnvironment(_ create: EnvironmentCreate, _ principal: Principal) async throws -> CommandResult {
        let project = try await office.projects[create.environment.project].record()
        guard try await office.catalog.get(Environment.self, create.environment) == nil else {
            throw HoldfastError(.alreadyExists, "There is an environment \(create.environment) already")
        }
        let environment = Environment(
            reference: create.environment, createdAt: office.now, node: try await node(named: create.node),
            region: create.node == nil ? try await region(named: create.region) : nil,
            undoWindowSeconds: try Self.undoWindow(create.undoWindowSeconds) ?? Environment.defaultUndoWindowSeconds)
        // The project is written anew, so that it can't be removed at the same time.
        var changes = Changes()
        try changes.put(project.value, over: project)
        try changes.insert(environment)
        if let preset = create.schedule {
            let schedule = try office.makeSchedule(
                of: create.environment, project.value.id, .preset(preset), author: principal.name)
            // What an earlier environment of this name may have left is no obstacle.
            changes.writes.append(try .put(schedule))
        }
        try await office.ledger.commit(changes)
        return .environment(try await detail(of: environment))
    }

    func listEnvironments(_ project: Name?, _ principal: Principal) async throws -> CommandResult {
        if let project { _ = try await office.projects[project].record() }
        var details: [EnvironmentDetail] = []
        for environment in try await office.catalog.all(Environment.self, scope: project?.text).map(\.value)
        where principal.has(.viewer, in: environment.reference.project) {
            details.append(try await detail(of: environment))
        }
        return .environments(details.sorted { $0.environment < $1.environment })
    }

    func showEnvironment(_ reference: EnvironmentReference) async throws -> CommandResult {
        .environment(try await detail(of: try await office.environments.record(reference).value))
    }

    func changeEnvironment(_ change: EnvironmentChange) async throws -> CommandResult {
        let stored = try await office.environments.record(change.environment)
        var environment = stored.value
        if let node = try await node(named: change.node), node != environment.node {
            try await requireNoRestore(on: change.environment)
            environment.node = node
            environment.region = nil
        }
        if change.node == nil, let region = try await region(named: change.region), region != environment.region {
            try await requireNoRestore(on: change.environment)
            (environment.node, environment.region) = (nil, region)
        }
        environment.undoWindowSeconds =
            try Self.undoWindow(change.undoWindowSeconds) ?? environment.undoWindowSeconds
        return try await put(environment, over: stored)
    }

    /// Its backups stay.
    func removeEnvironment(_ reference: EnvironmentReference) async throws -> CommandResult {
        let stored = try await office.environments.record(reference)
        try await office.environments[reference].remove {
            try await requireNoRestore(on: reference)
            var changes = Changes()
            changes.delete(stored)
            changes.writes.append(.delete(Schedule.self, reference))
            try await office.ledger.commit(changes)
        }
        return .done("Environment \(reference) was removed; its backups are kept")
    }

    func checkEnvironment(_ reference: EnvironmentReference) async throws -> CommandResult {
        let environment = try await office.environments.record(reference).value
        guard !environment.services.isEmpty else {
            throw HoldfastError(.checkFailed, "\(reference) has no services: add them with `holdfast service set`")
        }
        let targets = ServiceTargets(environment: environment, clusterKey: office.clusterKey)
        let checks = try environment.services.map {
            CheckServices.Check(target: try targets.target($0.reference), purpose: .capture)
        }
        let node = try await office.worker(for: environment)
        return .check(reference, try await office.call(node, CheckServices(services: checks)))
    }

    // MARK: parts

    func put(_ environment: Environment, over stored: Stored<Environment>) async throws -> CommandResult {
        var changes = Changes()
        try changes.put(environment, over: stored)
        try await office.ledger.commit(changes)
        return .environment(try await detail(of: environment))
    }

    /// What a restore is at work on, or keeps for an undo, has to be found where it was.
    func requireNoRestore(on reference: EnvironmentReference) async throws {
        let open = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue, group: reference.description)
        for job in open.map(\.value) {
            guard case .restore(let saga) = job.machine else { continue }
            let until = saga.undoUntil.map { "keeps the old content until \($0.plain) UTC" } ?? "is at work"
            throw HoldfastError(
                .busy, "Restore \(job.id) \(until) on \(reference), which has to stay as it is meanwhile",
                context: ["job": job.id.text])
        }
    }

    func detail(of environment: Environment) async throws -> EnvironmentDetail {
        let backups = try await office.catalog.list(
            Backup.self, scope: environment.reference.description, descending: true, limit: 100)
        return EnvironmentDetail(
            environment: environment.reference, node: await name(of: environment.node),
            region: environment.region,
            undoWindowSeconds: environment.undoWindowSeconds, services: environment.services.map(\.detail),
            lastBackup: backups.map(\.value).first { $0.state == .complete },
            schedule: try await schedule(of: environment.reference))
    }

    private func schedule(of environment: EnvironmentReference) async throws -> ScheduleDetail? {
        guard let schedule = try await office.schedule(of: environment)?.value else { return nil }
        return try await detail(of: schedule)
    }

    /// - Throws: `notFound` where no node is there.
    private func region(named name: Name?) async throws -> Name? {
        guard let name else { return nil }
        guard await office.registry.regions.contains(name) else {
            throw HoldfastError(.notFound, "No node is in a region \(name): `holdfast node list` shows where they are")
        }
        return name
    }

    private func name(of node: NodeID?) async -> Name? {
        guard let node else { return nil }
        return await office.registry.name(of: node)
    }

    private func node(named name: Name?) async throws -> NodeID? {
        guard let name else { return nil }
        guard let node = await office.registry.node(named: name) else {
            throw HoldfastError(.notFound, "There is no node \(name): `holdfast node list` shows those there are")
        }
        return node
    }

    private static func undoWindow(_ seconds: Int?) throws -> Int? {
        guard let seconds else { return nil }
        guard (0...undoWindowLimit).contains(seconds) else {
            throw HoldfastError(.invalidArgument, "An undo window lasts 0 seconds to 90 days")
        }
        return seconds
    }
}

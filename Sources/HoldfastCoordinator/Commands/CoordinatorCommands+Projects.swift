import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func createProject(_ create: ProjectCreate) async throws -> CommandResult {
        let (policy, isShared) = try await policy(for: create)
        let id: ProjectID = office.identifier()
        let keys = ProjectKeys(generatedFrom: office.entropy).serialized
        var project = Project(
            id: id, name: create.name, createdAt: office.now, policy: policy,
            wrappedKey: try office.clusterKey.seal(keys, purpose: ProjectActor.purpose(id), entropy: office.entropy))
        project.sharesPolicy = isShared
        guard try await office.catalog.get(Project.self, create.name) == nil else {
            throw HoldfastError(.alreadyExists, "There is a project \(create.name) already")
        }
        var changes = Changes()
        try changes.insert(project)
        try await office.ledger.commit(changes)
        return .project(try await detail(of: project, stored: []))
    }

    func listProjects(_ principal: Principal) async throws -> CommandResult {
        var summaries: [ProjectSummary] = []
        for project in try await office.catalog.all(Project.self).map(\.value)
        where principal.has(.viewer, in: project.name) {
            let environments = try await office.catalog.all(Environment.self, scope: project.name.text)
            let complete = try await office.catalog.all(Backup.self, group: project.name.text).map(\.value)
                .filter { $0.state == .complete && $0.project == project.id }
            summaries.append(
                ProjectSummary(
                    name: project.name, environments: environments.map(\.value.reference.environment).sorted(),
                    backups: complete.count, lastBackup: complete.map(\.createdAt).max()))
        }
        return .projects(summaries)
    }

    func showProject(_ name: Name) async throws -> CommandResult {
        let project = try await office.projects[name].record().value
        return .project(try await detail(of: project, stored: await stored(of: project)))
    }

    /// Only a project that nothing is left of.
    func removeProject(_ name: Name) async throws -> CommandResult {
        let stored = try await office.projects[name].record()
        guard try await office.catalog.list(Environment.self, scope: name.text, limit: 1).isEmpty else {
            throw HoldfastError(.busy, "Project \(name) has environments: remove them first")
        }
        let left = try await office.catalog.all(Backup.self, group: name.text).map(\.value)
            .filter { $0.project == stored.value.id && [.running, .complete].contains($0.state) }
        guard left.isEmpty else {
            throw HoldfastError(.busy, "Project \(name) has \(left.count) backups: delete them first")
        }
        try await requireCollected(stored.value)
        var changes = Changes()
        changes.delete(stored)
        for target in try await office.catalog.all(NoticeTarget.self, scope: stored.value.id.text) {
            changes.delete(target)
        }
        try await office.ledger.commit(changes)
        return .done("Project \(name) was removed")
    }

    /// A project with all its backups, for good.
    func eraseProject(_ name: Name, _ principal: Principal) async throws -> CommandResult {
        let stored = try await office.projects[name].record()
        let eraser = ProjectEraser(office: office)
        try await eraser.erase(stored, author: principal.name)
        // Nothing that fails from here on undoes it.
        do {
            let deleted = try await eraser.pursue()
            let left = try await erasures().first { $0.project == stored.value.id }?.left ?? []
            let rest = left.isEmpty ? "" : "; \(left.map(\.text).joined(separator: ", ")) will, when back"
            return .done(
                "Project \(name) was erased: its keys are gone, and nodes deleted \(deleted) objects of it\(rest)")
        } catch {
            return .done(
                """
                Project \(name) was erased: its keys are gone, and nodes delete what they have as they are reached \
                (not now: \(HoldfastError(error).message))
                """)
        }
    }

    /// Those that some node has still to hear of.
    func erasures() async throws -> [ErasureStatus] {
        let marks = try await ProjectRecords(office: office).storedMarks()?.value.value ?? [:]
        let names = await office.registry.names
        return marks.compactMap { id, mark in
            guard let erasure = mark.erasure, !erasure.isDone, let project = ProjectID(id) else { return nil }
            return ErasureStatus(
                project: project, name: erasure.name, at: erasure.at,
                left: erasure.left.compactMap { names[$0] }.sorted())
        }.sorted { ($0.at, $0.project) < ($1.at, $1.project) }
    }

    /// What is sealed from now on is sealed with another key; what was sealed before stays readable.
    func rotateKey(of name: Name) async throws -> CommandResult {
        let actor = await office.projects[name]
        let stored = try await actor.record()
        var project = stored.value
        let keys = try ProjectKeys(serialized: try await actor.keys(of: project)).rotated(from: office.entropy)
        guard keys.currentSealingKey <= ProjectKeys.rotationLimit else {
            throw HoldfastError(.tooLarge, "Project \(name) has \(keys.currentSealingKey - 1) keys: no more are made")
        }
        project.wrappedKey = try office.clusterKey.seal(
            keys.serialized, purpose: ProjectActor.purpose(project.id), entropy: office.entropy)
        var changes = Changes()
        try changes.put(project, over: stored)
        try await office.ledger.commit(changes)
        return .done("Project \(name) seals with key \(keys.currentSealingKey) from now on")
    }

    /// Without its record, and the key in it, nobody could give back what the nodes still keep of it.
    private func requireCollected(_ project: Project) async throws {
        let removal = Removal(office: office, project: project.id, name: project.name)
        guard try await removal.all().contains(where: { $0.removedAt == nil }) else { return }
        throw HoldfastError(
            .busy,
            """
            The space of project \(project.name)'s deleted backups is not given back yet: run \
            `holdfast collect run \(project.name)` first. Those that can still be taken back are deleted for good by \
            `holdfast backup delete BACKUP --now`
            """)
    }

    private func detail(of project: Project, stored: [StoredShare]) async throws -> ProjectDetail {
        var details: [EnvironmentDetail] = []
        for environment in try await office.catalog.all(Environment.self, scope: project.name.text) {
            details.append(try await detail(of: environment.value))
        }
        return ProjectDetail(
            id: project.id, name: project.name, createdAt: project.createdAt, policy: project.policy,
            environments: details, stored: stored, copies: try await copies(of: project))
    }
}

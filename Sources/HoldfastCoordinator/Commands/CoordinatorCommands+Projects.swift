import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func createProject(_ create: ProjectCreate) async throws -> CommandResult {
        guard (1...9).contains(create.copies), (1...create.copies).contains(create.regions) else {
            throw HoldfastError(
                .invalidArgument, "A project keeps 1 to 9 copies, in at least one region and no more than copies")
        }
        if let allowed = create.allowedRegions, Set(allowed).count < create.regions {
            throw HoldfastError(
                .invalidArgument, "\(create.regions) regions are asked for, and fewer are allowed: allow more of them")
        }
        let id: ProjectID = office.identifier()
        let keys = ProjectKeys(generatedFrom: office.entropy).serialized
        let project = Project(
            id: id, name: create.name, createdAt: office.now,
            policy: PlacementPolicy(
                name: create.name, copies: create.copies, regions: create.regions, allowedRegions: create.allowedRegions
            ),
            wrappedKey: try office.clusterKey.seal(keys, purpose: ProjectActor.purpose(id), entropy: office.entropy))
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
            changes.writes.append(.delete(target.value))
        }
        try await office.ledger.commit(changes)
        return .done("Project \(name) was removed")
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
            environments: details, stored: stored)
    }
}

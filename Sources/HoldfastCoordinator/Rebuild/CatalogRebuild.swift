import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastWire

/// Makes the catalog know what the nodes know: themselves, projects, and backups. What it knows already stays as it is, so
/// that it can be done again, and to a catalog that has only gone back in time.
struct CatalogRebuild {
    private static let look = Duration.seconds(1)

    let office: Office
    private var result = Rebuilt()
    private var records: ProjectRecords { ProjectRecords(office: office) }

    init(office: Office) { self.office = office }

    /// - Parameter wait: how long nodes are waited for at most.
    /// - Throws: `busy` while another is at work.
    mutating func run(
        wait: Duration, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> Rebuilt {
        try await office.adoption.open(at: office.time.uptime)
        do {
            await report(.step("waiting for nodes"))
            try await awaitNodes(wait)
            await report(.step("projects"))
            try await takeUpProjects()
            for project in try await office.catalog.all(Project.self).map(\.value) {
                await report(.step("backups of \(project.name)"))
                try await takeUpBackups(of: project)
            }
        } catch {
            await office.adoption.close()
            throw error
        }
        result.nodes = await office.adoption.adopted.sorted()
        result.nodesHere = await here().count
        await office.adoption.close()
        return result
    }

    private func awaitNodes(_ wait: Duration) async throws {
        let began = office.time.uptime
        while true {
            let now = office.time.uptime
            let quiet = now - max(began, await office.adoption.changedAt)
            if now - began >= wait || quiet >= office.configuration.adoptionQuiet { return }
            try await office.time.sleep(for: Self.look)
            try office.ledger.requireOffice()
        }
    }

    private func here() async -> [NodeID] {
        Set(await office.nodes.connected()).intersection(await office.registry.all).sorted()
    }

    // MARK: projects

    private mutating func takeUpProjects() async throws {
        var found: [ProjectID: [(version: UInt64, node: NodeID)]] = [:]
        for node in await here() {
            do {
                for (project, version) in try await records.versions(on: node) ?? [:] {
                    found[project, default: []].append((version, node))
                }
            } catch let error where Self.isOfTheNode(error) {
                await note(error, node)
            }
        }
        for (project, places) in found.sorted(by: { $0.key < $1.key }) {
            try await takeUp(project, places.sorted { ($0.version, $1.node) > ($1.version, $0.node) })
        }
    }

    /// - Parameter places: where its record is, the newest first.
    private mutating func takeUp(_ project: ProjectID, _ places: [(version: UInt64, node: NodeID)]) async throws {
        var reason = "no node gave it"
        for place in places {
            do {
                let bytes = try await office.call(place.node, GetProject(project: project), bulk: []).received
                let sealed = try SealedProjectRecord(decoding: bytes)
                guard sealed.project == project else {
                    throw HoldfastError(.corrupt, "it is another project's")
                }
                if sealed.isErased { return try await takeUpErasure(sealed) }
                return try await merge(try sealed.open(with: office.clusterKey), sealed.version)
            } catch let error where Self.isOfTheNode(error) {
                reason = HoldfastError(error).message
            }
        }
        result.problems.append(
            """
            The record of project \(project) can't be read: start the nodes that have it, then rebuild again. The last one \
            tried said: \(reason)
            """)
    }

    /// - Throws: `corrupt` where the node says so by itself.
    private mutating func takeUpErasure(_ sealed: SealedProjectRecord) async throws {
        guard sealed.provesErasure(with: office.clusterKey) else {
            throw HoldfastError(.corrupt, "it says that the project was erased, and the cluster did not say so")
        }
        do {
            guard try await ProjectEraser(office: office).learn(sealed.project) else { return }
            result.problems.append("Project \(sealed.project) was erased, and stays so")
        } catch let error as HoldfastError where [.busy, .checkFailed].contains(error.code) {
            // No older record of it is taken up instead.
            result.problems.append(
                "Project \(sealed.project) was erased, by what nodes say, and this catalog goes on with it: \(error.message), "
                    + "then rebuild again")
        }
    }

    private mutating func merge(_ record: ProjectRecord, _ version: UInt64) async throws {
        let project = record.project
        let storedMarks = try await records.storedMarks()
        var marks = storedMarks?.value.value ?? [:]
        let namesake = try await office.catalog.get(Project.self, project.name)?.value
        if let namesake, namesake.id != project.id {
            result.problems.append(
                """
                Project \(project.name) (\(project.id)) was not taken up: there is another one of this name \
                (\(namesake.id)). What the nodes keep of it stays
                """)
            return
        }
        let mark = marks[project.id.text]
        // Removed, or known as it is or better.
        if let mark, mark.removedAt != nil || version <= mark.version { return }
        var changes = Changes()
        if namesake == nil {
            try changes.insert(project)
            changes.add(try await policyChanges(for: project))
            result.projects.append(project.name)
        }
        try await add(record, to: &changes)
        // The next version is stored in any case: what is here now may be more than any node has.
        marks[project.id.text] = ProjectRecordMark(version: version, digest: nil)
        changes.add(try ProjectRecords.changes(marks, over: storedMarks))
        try await office.ledger.commit(changes)
    }

    private func add(_ record: ProjectRecord, to changes: inout Changes) async throws {
        for environment in record.environments
        where try await office.catalog.get(Environment.self, environment.reference) == nil {
            try changes.insert(environment)
        }
        for var schedule in record.schedules
        where try await office.catalog.get(Schedule.self, schedule.environment) == nil {
            if schedule.pausedAt == nil { schedule.next = try? office.nextRun(of: schedule) }
            try changes.insert(schedule)
        }
    }

    /// A policy that goes by a name is there again for all.
    private func policyChanges(for project: Project) async throws -> Changes {
        var changes = Changes()
        guard project.sharesPolicy == true else { return changes }
        let stored = try await office.catalog.get(Setting<[PlacementPolicy]>.self, .policies)
        let policies = stored?.value.value ?? []
        guard !policies.contains(where: { $0.name == project.policy.name }) else { return changes }
        let setting = Setting(.policies, policies + [project.policy])
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        return changes
    }

    // MARK: backups

    private mutating func takeUpBackups(of project: Project) async throws {
        do {
            let found = try await ProjectBackups(office: office, project: project).takeUp()
            result.found.append(found.backups)
            result.problems += found.problems.map { "Project \(project.name): \($0)" }
        } catch let error where Self.isOfTheNode(error) {
            result.problems.append("Project \(project.name): \(Self.text(of: error))")
        }
    }

    private mutating func note(_ error: any Error, _ node: NodeID) async {
        result.problems.append("Node \(await office.registry.text(of: node)): \(Self.text(of: error))")
    }

    private static func text(of error: any Error) -> String {
        (error as? Obstacle).map { "\($0.description) has gone: start it, then rebuild again" }
            ?? HoldfastError(error).message
    }

    /// Not of this coordinator or its catalog: the others go on.
    private static func isOfTheNode(_ error: any Error) -> Bool {
        if error is Obstacle { return true }
        let own: [ErrorCode] = [.deposed, .cancelled, .conflict, .internal]
        return (error as? HoldfastError).map { !own.contains($0.code) } ?? false
    }
}

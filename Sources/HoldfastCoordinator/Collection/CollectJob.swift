import HoldfastArchive
import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Drives the collection of one project: removes what is dead from the nodes and deletes the shards that nothing live needs.
package actor CollectJob: JobWork {
    /// Shards that no list named when first looked at, and the backups that were under way then and may yet name them.
    private struct Survey {
        var unreferenced: [NodeID: Set<ObjectName>]
        var running: Set<JobID>
    }

    private let id: JobID
    private let project: ProjectID
    private let name: Name
    private let environment: EnvironmentReference
    private let office: Office
    /// Kept while this waits for the backups it names; after a crash it is made anew.
    private var survey: Survey?

    package init(_ job: Job, _ office: Office) {
        id = job.id
        project = job.project
        name = job.environment.project
        environment = job.environment
        self.office = office
    }

    package func perform(
        _ action: CollectMachine.Action, of machine: CollectMachine,
        report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<CollectMachine.Event> {
        switch action {
        case .mark: Outcome(.marked(backups: try await Removal(office: office, project: project, name: name).mark()))
        case .bury: Outcome(.buried(tombstones: try await bury()))
        case .rewrite: Outcome(try await rewrite(removed: machine.removedBackups))
        case .retire: Outcome(try await ListRetiring(office: office, job: id, project: project, name: name).run())
        case .condemn: Outcome(try await condemn())
        case .settle(let jobs): Outcome(try await settle(jobs))
        case .delete: Outcome(.deleted(try await delete()))
        }
    }

    // MARK: tombstones

    /// Has every node that is here know every tombstone: those of the catalog's dead backups, and those found on nodes.
    private func bury() async throws -> Int {
        let nodes = try await ProjectNodes(office: office, project: project, name: name)
        try nodes.requireEnough()
        var tombstones = try await nodes.foundTombstones()
        let removal = Removal(office: office, project: project, name: name)
        try await removal.reconcile(with: tombstones.all.keys.sorted())
        for backup in try await removal.removed() where tombstones.all[backup.id] == nil {
            guard let removedAt = backup.removedAt else { continue }
            tombstones.all[backup.id] = Tombstone(project: project, backup: backup.id, removedAt: removedAt)
                .sealed(nodes.keys)
        }
        let stored = try await nodes.bury(tombstones, on: nodes.here, by: office.order(for: id))
        if nodes.away.isEmpty {
            let end = office.clock.now.advanced(by: .zero - office.configuration.removedKeptFor)
            try await removal.forget(Set(tombstones.all.keys), removedBefore: end)
        }
        return stored
    }

    // MARK: rewriting

    private func rewrite(removed: Int) async throws -> CollectMachine.Event {
        // Content dies with backups. Where none went since nothing was left to rewrite, nothing is.
        if removed == 0, try await lastFoundNothing() { return .rewritten(CollectReport.Rewriting(), problems: []) }
        return try await Rewriting(office: office, job: id, project: project, name: name).run()
    }

    private func lastFoundNothing() async throws -> Bool {
        let jobs = try await office.catalog.list(
            Job.self, group: environment.description, descending: true, limit: 2)
        guard let last = jobs.map(\.value).first(where: { $0.id != id }), last.project == project,
            case .collect(let machine) = last.machine, case .finished(let report) = machine.ending,
            let rewriting = report.rewriting
        else { return false }
        return rewriting.shards == 0 && !rewriting.isPartial && report.problems.isEmpty
    }

    // MARK: condemning

    /// What belongs to a backup that is being made is not condemned: its shards are named by no list yet. So only what was
    /// there before is, once the backups that were under way have ended.
    private func condemn() async throws -> CollectMachine.Event {
        if let survey {
            try await awaitEnd(of: survey.running)
        } else {
            let (nodes, census, _) = try await look()
            let unreferenced = nodes.here.map { ($0, census.unreferenced(on: $0)) }
            let running = try await runningBackups()
            survey = Survey(unreferenced: Dictionary(uniqueKeysWithValues: unreferenced), running: running)
            try await awaitEnd(of: running)
        }
        let before = survey?.unreferenced ?? [:]
        let (nodes, census, unknown) = try await look()
        var condemned = 0
        for node in nodes.here {
            try await spare(census.wronglyCondemned(on: node), on: node)
            let shards = census.unreferenced(on: node).intersection(before[node] ?? [])
            guard !shards.isEmpty else { continue }
            let message = CondemnShards(order: office.order(for: id), project: project)
            let bulk = shards.sorted().flatMap(\.bytes)
            condemned += try await office.call(node, message, bulk: bulk).reply.condemned
        }
        survey = nil
        // Read after the last was condemned: a backup that begins from here on can't hold any of them.
        return .condemned(shards: condemned, unknown: unknown, awaiting: try await runningBackups().sorted())
    }

    private func settle(_ jobs: [JobID]) async throws -> CollectMachine.Event {
        try await awaitEnd(of: Set(jobs))
        return .settled
    }

    /// - Throws: `Obstacle` while one of them is open.
    private func awaitEnd(of jobs: Set<JobID>) async throws {
        for job in jobs.sorted() {
            guard let stored = try await office.catalog.get(Job.self, job), stored.value.scope == .open else {
                continue
            }
            throw Obstacle(description: "backup job \(job)") { [office] in
                let feed = await office.feeds.watch(job)
                guard await office.jobs.isRunning(job) else {
                    // Nobody would end what was just begun to be watched.
                    await office.feeds.close(job)
                    return try await office.time.sleep(for: office.configuration.retryPause)
                }
                for await _ in feed {}
                try Task.checkCancellation()
            }
        }
    }

    private func runningBackups() async throws -> Set<JobID> {
        let open = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value)
        return Set(open.filter { $0.kind == .backup && $0.project == project }.map(\.id))
    }

    // MARK: deleting

    private func delete() async throws -> CollectReport {
        let (nodes, census, _) = try await look()
        var report = CollectReport()
        report.problems = nodes.away.map {
            "Node \($0) is away; what it keeps in vain is deleted by a later collection"
        }
        for node in nodes.here {
            do {
                try await spare(census.wronglyCondemned(on: node), on: node)
                let message = DeleteObjects(order: office.order(for: id), project: project, now: office.now)
                let bulk = census.rightlyCondemned(on: node).sorted().flatMap(\.bytes)
                let reply = try await office.call(node, message, bulk: bulk).reply
                report.add(CollectReport.Share(node: node, objects: reply.objects, bytes: reply.bytes))
                if reply.held > 0 {
                    report.problems.append(
                        "Node \(await office.registry.text(of: node)): \(reply.held) objects are still held and stay")
                }
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                // What one node can't do now is no reason to keep what the others may delete.
                report.problems.append("Node \(await office.registry.text(of: node)): \(error.message)")
            }
        }
        return report
    }

    private func spare(_ shards: Set<ObjectName>, on node: NodeID) async throws {
        guard !shards.isEmpty else { return }
        let message = SpareShards(order: office.order(for: id), project: project)
        _ = try await office.call(node, message, bulk: shards.sorted().flatMap(\.bytes))
    }

    /// Asks every node what it has.
    ///
    /// - Throws: `Obstacle` while so many nodes are away that a list may be on none that is here; `corrupt` where it can't be
    ///   told what some backup needs.
    private func look() async throws -> (ProjectNodes, Census, unknown: [BackupID]) {
        // Before the nodes are asked: what completes meanwhile need not be found.
        let backups = try await Removal(office: office, project: project, name: name).all()
        let nodes = try await ProjectNodes(office: office, project: project, name: name)
        try nodes.requireEnough()
        let (census, buried) = try await nodes.census()
        let removed = buried.union(backups.filter { $0.removedAt != nil }.map(\.id))
        if let fault = census.fault(backups: backups, removed: removed) { throw fault }
        return (nodes, census, census.unknown(known: Set(backups.map(\.id)), removed: removed))
    }

    package func changes(from old: CollectMachine, to new: CollectMachine) async throws -> Changes { Changes() }

    package func reached(_ machine: CollectMachine) async {
        if machine.ending != nil { await office.environments[environment].dismiss(id) }
    }
}

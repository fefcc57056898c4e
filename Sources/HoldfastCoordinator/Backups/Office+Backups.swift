import HoldfastCatalog
import HoldfastModel

extension Office {
    /// Creates a backup and its job; the caller sets to work on it.
    ///
    /// - Parameter id: given where the backup must be made at most once, as a restore's safety backup; one that exists
    ///   already is left as it is.
    /// - Parameters:
    ///   - text: what the journal begins with, where there is more to say than the trigger and the author.
    ///   - together: what else is said of the backup or written in the transaction that creates it.
    /// - Throws: `busy` while the environment is being removed.
    func startBackup(
        _ id: BackupID, of environment: Stored<Environment>, _ project: Project, _ services: [ServiceReference],
        trigger: Backup.Trigger, note: String?, fullRead: Bool = false, author: String, text: String? = nil,
        together: (Job, inout Backup, inout Changes) throws -> Void = { _, _, _ in }
    ) async throws -> Job {
        let machine = BackupMachine(backup: id, services: services.sorted(), fullRead: fullRead)
        let job: Job
        var backup: Backup
        (job, backup) = makeBackup(
            machine, of: environment.value, project, trigger: trigger, note: note, author: author)
        var changes = Changes(expects: [.unchanged(environment)])
        try together(job, &backup, &changes)
        try changes.insert(backup)
        try await create(job, text ?? "\(trigger.rawValue), by \(author)", changes)
        return job
    }

    private func makeBackup(
        _ machine: BackupMachine, of environment: Environment, _ project: Project, trigger: Backup.Trigger,
        note: String?, author: String
    ) -> (Job, Backup) {
        let job = Job(
            id: identifier(), project: project.id, environment: environment.reference, author: author, createdAt: now,
            machine: .backup(machine))
        let backup = Backup(
            id: machine.backup, project: project.id, environment: environment.reference, job: job.id, trigger: trigger,
            services: machine.services, note: note, author: author, createdAt: now)
        return (job, backup)
    }

    /// What work on services of an environment needs a place on.
    func demand(on environment: Environment, _ services: [ServiceReference]) async throws -> QueueDemand {
        let (node, isPinned) = try await likelyWorker(for: environment)
        return QueueDemand(
            project: environment.reference.project, node: node, isPinned: isPinned,
            servers: environment.servers(of: services, reachedFrom: node))
    }

    /// The node that would work for an environment: where nobody is here who could, one that is known, so that who waits
    /// for it waits in the order of the queue.
    ///
    /// - Throws: `Obstacle` where none is known.
    func likelyWorker(for environment: Environment?) async throws -> (node: NodeID, isPinned: Bool) {
        if let node = environment?.node { return (node, true) }
        if let node = await registry.worker(among: nodes.connected(), in: environment?.region) { return (node, false) }
        if let node = await registry.worker(among: registry.all, in: environment?.region) { return (node, false) }
        throw absence(in: environment?.region)
    }

    /// The node whose worker reaches the environment's services.
    ///
    /// - Throws: `Obstacle` while none can.
    func worker(for environment: Environment?) async throws -> NodeID {
        if let node = environment?.node { return node }
        if let node = await registry.worker(among: nodes.connected(), in: environment?.region) { return node }
        throw absence(in: environment?.region)
    }

    private func absence(in region: Name?) -> Obstacle {
        guard let region else { return Obstacle(description: "any node") { try await nodes.waitForAnyNode() } }
        return Obstacle(description: "a node in region \(region)") {
            for await change in await nodes.changes() {
                if case .connected(let node) = change, await registry.region(of: node) == region { return }
            }
            throw CancellationError()
        }
    }
}

extension Environment {
    /// The servers of those services that are databases.
    func servers(of services: [ServiceReference], reachedFrom node: NodeID) -> Set<DatabaseServerName> {
        Set(
            self.services.filter { services.contains($0.reference) }.compactMap { service in
                guard case .database(let address, _) = service.target else { return nil }
                return DatabaseServerName(address, reachedFrom: node)
            })
    }
}

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

    /// The node whose worker reaches the environment's services.
    ///
    /// - Throws: `Obstacle` while none can.
    func worker(for environment: Environment?) async throws -> NodeID {
        if let node = environment?.node { return node }
        let connected = await nodes.connected()
        if let node = await registry.worker(among: connected) { return node }
        throw Obstacle(description: "any node") { try await nodes.waitForAnyNode() }
    }
}

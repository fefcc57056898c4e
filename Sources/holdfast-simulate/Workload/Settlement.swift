import HoldfastCommands
import HoldfastModel

/// After the faults everything has to come to rest by itself, and to be as was promised.
struct Settlement {
    /// How long what was interrupted may take to end.
    private static let patience = Duration.seconds(15 * 60)
    /// How often a person helps one job that asks for it.
    private static let helpings = 3

    let world: World
    private var commander: Commander { Commander(world: world) }
    private var witness: Witness { world.witness }

    init(world: World) { self.world = world }

    func run() async throws {
        try await endJobs()
        for site in world.sites { witness.check(site.environment, "rest") }
        try await repair()
        try await useOnceMore()
        if world.scenario.downloadsAtRest { try await download() }
        if world.scenario.collectsAtRest {
            await thinOut()
            try await collect()
            try await readWhatMoved()
        }
        try requireBackups()
        try await restoreBackup()
        try await closeWindows()
        world.count("restored in place", witness.restoredInPlace)
        try leaveNothing()
        try await shutDown()
    }

    // MARK: jobs

    private func endJobs() async throws {
        let end = SeededExecutor.shared.now + Self.patience
        var helped: [JobID: Int] = [:]
        while let job = openJob() {
            guard SeededExecutor.shared.now < end else {
                throw Violation(
                    promise: "P5",
                    what: """
                        job \(job.id) is still \(job.status.rawValue) in step \(job.machine.stepName), \
                        \(job.waitingFor.map { "waiting for \($0)" } ?? job.machine.attention?.reason.message ?? "at work")
                        """)
            }
            if let attention = job.machine.attention, helped[job.id, default: 0] < Self.helpings {
                helped[job.id, default: 0] += 1
                Trace.shared.note(.workload, "a person helps \(job.id): \(attention.reason.message)")
                world.count("helped")
                _ = try? await commander.give(.restoreResume(job.id))
            }
            await Pause.take(.seconds(1), in: .outside)
        }
    }

    private func openJob() -> Job? {
        witness.jobs.values.filter(\.machine.isAtWork).min { $0.id < $1.id }
    }

    // MARK: every copy in its place

    /// Once the members stay as they are, every copy is where it should be, and nowhere else; what a disk lost is there again.
    private func repair() async throws {
        guard world.scenario.workload == .regions else { return }
        for node in world.nodes { try await change(node, isLeaving: false) }
        // One is drained to its end. None before the others are back: it could be one too many.
        let others = world.nodes.filter { node in !world.sites.contains { $0.node === node } }
        if let leaving = others.first(where: { _ in world.chance.isOne(in: 3) }) {
            try await change(leaving, isLeaving: true)
        }
        for project in Set(world.sites.map(\.environment.project)).sorted() {
            var last: RepairReport?
            let end = SeededExecutor.shared.now + Self.patience
            repeat {
                guard SeededExecutor.shared.now < end else {
                    throw Violation(
                        promise: "P6", what: "\(project) is not whole after all: \(last.map { "\($0)" } ?? "")")
                }
                last = try await report(of: project)
                await Pause.take(.seconds(1), in: .outside)
            } while !(last.map { $0.isWhole && $0.left.isEmpty && $0.copied == 0 && $0.dropped == 0 } ?? false)
            world.count("repaired at rest")
        }
        world.losses.count = 0
        try requireBackups()
    }

    private func change(_ node: NodeHost, isLeaving: Bool) async throws {
        let change = NodeChange(node: try Name(node.host.name), maintenance: .end, isLeaving: isLeaving)
        _ = try await commander.insist(.nodeChange(change), for: .seconds(120))
    }

    private func report(of project: Name) async throws -> RepairReport? {
        do {
            guard
                case .repaired(let repaired) = try await commander.insist(
                    .repairRun(RepairRun(project: project)), for: .seconds(600))
            else { return nil }
            return repaired.first?.report
        } catch let error as HoldfastError {
            throw Violation(promise: "P5", what: "\(project) can't be repaired: \(error)")
        }
    }

    // MARK: the cluster works

    /// No environment is left busy: a backup of each can be made. One of them is read again.
    private func useOnceMore() async throws {
        let verified = world.chance.below(world.sites.count)
        for (index, site) in world.sites.enumerated() {
            let create = Command.backupCreate(BackupCreate(environment: site.environment))
            let result: CommandResult
            do {
                result = try await commander.insist(create, for: .seconds(300))
            } catch {
                throw Violation(
                    promise: "P5", what: "no backup of \(site.environment) any more: \(HoldfastError(error))")
            }
            guard world.scenario.verifiesAtRest, index == verified, case .backup(let detail) = result else { continue }
            try await verify(detail.backup.id)
            world.count("verified at rest")
        }
    }

    private func verify(_ backup: BackupID) async throws {
        let result: CommandResult
        do {
            result = try await commander.insist(.backupVerify(backup), for: .seconds(300))
        } catch {
            throw Violation(promise: "P1", what: "backup \(backup) can't be verified: \(HoldfastError(error))")
        }
        guard case .verified(_, let report) = result else { return }
        if !report.problems.isEmpty, witness.rotten.isEmpty {
            throw Violation(promise: "P1", what: "backup \(backup) is damaged: \(report.problems)")
        }
    }

    /// What is still linked to is there, and one more of the backups can be fetched.
    private func download() async throws {
        let complete = witness.backups.values.filter { $0.state == .complete }.map(\.id).sorted()
        guard witness.rotten.isEmpty, let backup = world.chance.pick(complete) else { return }
        do {
            // Not those that would expire meanwhile.
            let soon = witness.latestTime().advanced(by: .seconds(600))
            if let earlier = world.chance.pick(witness.working.filter { $0.holds(at: soon) }) {
                try await fetch(.downloadLinks(earlier.id))
            }
            let prepare = DownloadPrepare(backup: backup, validSeconds: 3600)
            guard case .download(let made) = try await commander.insist(.downloadPrepare(prepare), for: .seconds(300))
            else { return }
            try await fetch(.downloadLinks(made.id))
            _ = try await commander.insist(.downloadRevoke(made.id), for: .seconds(60))
            world.count("downloaded at rest")
        } catch let error as HoldfastError {
            throw Violation(promise: "P1", what: "backup \(backup) can't be downloaded: \(error)")
        }
    }

    private func fetch(_ links: Command) async throws {
        guard case .download(let detail) = try await commander.insist(links, for: .seconds(60)) else { return }
        try await Fetch(world: world, patience: .seconds(120)).run(detail)
    }

    /// Half of the older backups are deleted, so that shards are left of which little is needed.
    private func thinOut() async {
        world.count("moved to other shards in use", witness.moved.count)
        var newest: [EnvironmentReference: BackupID] = [:]
        let complete = witness.backups.values.filter { $0.state == .complete }.sorted { $0.id < $1.id }
        for backup in complete { newest[backup.environment] = backup.id }
        for backup in complete where newest[backup.environment] != backup.id && world.chance.isOne(in: 2) {
            // One that is kept for an undo stays.
            _ = try? await commander.give(.backupDelete(backup.id))
        }
    }

    /// One of the backups whose content has moved to other shards.
    private func readWhatMoved() async throws {
        let moved = witness.moved.filter { witness.backups[$0]?.state == .complete }
        world.count("moved to other shards", moved.count)
        if let backup = world.chance.pick(moved.sorted()) { try await verify(backup) }
    }

    /// The space of what was deleted comes back, and nothing else goes.
    private func collect() async throws {
        for project in Set(world.sites.map(\.environment.project)).sorted() {
            do {
                let result = try await commander.insist(.collectRun(CollectRun(project: project)), for: .seconds(300))
                guard case .collected(let collected) = result else { continue }
                if let problem = collected.compactMap(\.report).flatMap(\.problems).first {
                    // What lacks a copy that was spoiled moves to other shards only once it is repaired.
                    guard witness.rotten.isEmpty else { return }
                    throw Violation(promise: "P5", what: "\(project) can't be collected: \(problem)")
                }
                world.count("collected at rest")
            } catch let error as HoldfastError where error.code == .corrupt && !witness.rotten.isEmpty {
                // What a spoiled list named is not known any more.
                return
            } catch let error as HoldfastError {
                throw Violation(promise: "P5", what: "\(project) can't be collected: \(error)")
            }
        }
        if let garbage = witness.durable.garbage() {
            throw Violation(promise: "P5", what: "after a collection: \(garbage)")
        }
    }

    /// Each complete backup is where it was.
    private func requireBackups() throws {
        guard witness.rotten.isEmpty else { return }
        for backup in witness.backups.values.sorted(by: { $0.id < $1.id }) where backup.state == .complete {
            if let fault = witness.durable.fault(of: backup, rotten: []) {
                throw Violation(promise: "P1", what: "at rest: \(fault)")
            }
        }
    }

    /// One of the complete backups, restored where it came from; the witness compares the contents.
    private func restoreBackup() async throws {
        let complete = witness.backups.values.filter { $0.state == .complete }.sorted { $0.id < $1.id }
        guard let backup = world.chance.pick(complete) else { return }
        let request = RestoreRequest(
            backup: backup.id, destination: backup.environment,
            withoutSafety: world.chance.isOne(in: 2) && !isAlone(backup.environment))
        do {
            _ = try await commander.insist(.restoreStart(request), for: .seconds(300))
            world.count("restored at rest")
        } catch {
            throw Violation(
                promise: witness.rotten.isEmpty ? "P1" : "P6",
                what: "backup \(backup.id) can't be restored: \(HoldfastError(error))")
        }
    }

    private func isAlone(_ environment: EnvironmentReference) -> Bool {
        world.sites.contains { $0.environment == environment && $0.isAlone }
    }

    // MARK: nothing is left over

    /// Waits until every undo window is over and the old content dropped.
    private func closeWindows() async throws {
        if world.scenario.faults.contains(.clockJump) {
            // A window that was opened by a wrong clock ends by it. So that all are over, the leader is started anew with
            // a clock that is later than any of them.
            let leader = world.coordinators[0].host
            leader.clock.offset = .seconds(8 * 86_400)
            leader.die(.kill)
            leader.start()
        }
        let end = SeededExecutor.shared.now + .seconds(world.scenario.undoWindow) + .seconds(300)
        while let job = keptJob() {
            guard SeededExecutor.shared.now < end else {
                throw Violation(
                    promise: "P5",
                    what: "restore \(job.id) never drops its old content: it is in step \(job.machine.stepName)")
            }
            await Pause.take(.seconds(5), in: .outside)
        }
        for site in world.sites { witness.check(site.environment, "the end") }
    }

    private func keptJob() -> Job? {
        witness.jobs.values.filter { job in
            guard case .restore(let saga) = job.machine else { return job.machine.isAtWork }
            return saga.step != .ended
        }.min { $0.id < $1.id }
    }

    private func leaveNothing() throws {
        func left(_ what: String) -> Violation { Violation(promise: "P5", what: "left over: \(what)") }
        if let claim = witness.claims.min() { throw left("the claim of job \(claim)") }
        for node in world.nodes {
            if let note = node.volume.files.first(where: { $0.hasPrefix("work/") }) {
                throw left("\(note) on \(node.host.name)")
            }
        }
        for site in world.sites {
            if let rest = site.leftovers().first { throw left("\(rest) of \(site.environment)") }
        }
    }

    // MARK: the end

    /// Processes that are told to end do, with every task of theirs.
    private func shutDown() async throws {
        for host in world.hosts { host.stop() }
        for _ in 0..<600 where world.hosts.contains(where: { $0.unwinding > 0 }) {
            await Pause.take(.milliseconds(100), in: .outside)
        }
        if let host = world.hosts.first(where: { $0.unwinding > 0 }) {
            throw Violation(promise: "P5", what: "a process on \(host.name) that was stopped never ends")
        }
    }
}

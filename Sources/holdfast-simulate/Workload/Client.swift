import HoldfastCommands
import HoldfastModel

/// A person who gives commands, one after the other, as the seed has it.
final class Client: @unchecked Sendable {
    private let world: World
    private let commander: Commander
    // Touched by the executor's one thread.
    private var chance: Chance
    private let number: Int

    init(_ number: Int, _ world: World, _ chance: Chance) {
        (self.number, self.world, self.chance) = (number, world, chance)
        commander = Commander(world: world)
    }

    func run() async {
        for _ in 0..<world.scenario.commands {
            await Pause.take(chance.duration(.milliseconds(100) ... .seconds(6)), in: .outside)
            guard let (command, name) = next() else { continue }
            Trace.shared.note(.workload, "client \(number): \(name)")
            do {
                let patience = chance.duration(.seconds(5) ... .seconds(90))
                let result = try await commander.give(command, patience: patience)
                Trace.shared.note(.workload, "client \(number): \(name) → \(result.summary)")
                if case .downloadLinks = command, case .download(let detail) = result {
                    try await Fetch(world: world, patience: patience).run(detail)
                }
            } catch {
                let error = HoldfastError(error)
                Trace.shared.note(.workload, "client \(number): \(name) → \(error.code.rawValue)")
                Trace.shared.remark("client \(number): \(error.message)")
                if error.code == .internal { world.findings.report("P10", "\(name): \(error.message)") }
            }
        }
    }

    private func next() -> (Command, String)? {
        switch world.scenario.workload {
        case .all: return anything()
        case .regions: return chance.isOne(in: 6) ? repair() : anything()
        case .backups:
            return switch chance.below(8) {
            case 0, 1: delete() ?? backup()
            case 2: collect()
            default: backup()
            }
        case .collections:
            return switch chance.below(16) {
            case 0..<5: backup()
            case 5..<9: delete() ?? backup()
            case 9..<13: collect()
            case 13: verify() ?? backup()
            case 14: restore() ?? backup()
            default: undo() ?? cancel()
            }
        }
    }

    private func anything() -> (Command, String)? {
        switch chance.below(25) {
        case 0..<6: backup()
        case 6..<12: restore() ?? backup()
        case 12..<15: undo() ?? restore()
        case 15: cancel()
        case 16: delete()
        case 17: verify()
        case 18: resume()
        case 19, 20: collect()
        case 21..<24: download()
        default: look()
        }
    }

    /// Files are prepared, fetched, and taken back.
    private func download() -> (Command, String)? {
        let working = world.witness.working
        if chance.isOne(in: 2), let download = chance.pick(working)?.id {
            return chance.isOne(in: 4)
                ? (.downloadRevoke(download), "revoke \(download)") : (.downloadLinks(download), "fetch \(download)")
        }
        let complete = world.witness.backups.values.filter { $0.state == .complete }.sorted { $0.id < $1.id }
        guard let backup = chance.pick(complete) else { return nil }
        var prepare = DownloadPrepare(
            backup: backup.id, validSeconds: [10, 120, 86_400][chance.below(3)], wait: chance.isOne(in: 2))
        switch chance.below(4) {
        case 0: prepare.tables = ["stamp"]
        case 1:
            let files = world.witness.captured[backup.id]?[ServiceReference(.media)]?.files ?? []
            prepare.files = chance.pick(files).map { [$0] } ?? []
        default: prepare.services = someServices(of: backup.parts.map(\.service))
        }
        return (.downloadPrepare(prepare), "prepare files of \(backup.id)")
    }

    private func backup() -> (Command, String)? {
        guard let site = chance.pick(world.sites) else { return nil }
        let create = BackupCreate(
            environment: site.environment, services: someServices(of: site.services), fullRead: chance.isOne(in: 5),
            wait: !chance.isOne(in: 5))
        return (.backupCreate(create), "back up \(site.environment)")
    }

    private func restore() -> (Command, String)? {
        let complete = world.witness.backups.values.filter { $0.state == .complete }.sorted { $0.id < $1.id }
        guard let backup = chance.pick(complete), let site = chance.pick(world.sites) else { return nil }
        let destination = chance.isOne(in: 2) ? backup.environment : site.environment
        let request = RestoreRequest(
            backup: backup.id, destination: destination, services: someServices(of: backup.parts.map(\.service)),
            withoutSafety: chance.isOne(in: 6), wait: !chance.isOne(in: 5))
        let name = "restore \(backup.id) to \(destination)"
        return chance.isOne(in: 8) ? (.restorePlan(request), "plan: \(name)") : (.restoreStart(request), name)
    }

    private func undo() -> (Command, String)? {
        let done = restores { $0.side == .new && $0.attention == nil }
        guard let job = chance.pick(done) else { return nil }
        return (.restoreUndo(UndoRequest(restore: job, withoutSafety: chance.isOne(in: 6))), "undo \(job)")
    }

    private func cancel() -> (Command, String)? {
        let running = world.witness.backups.values.filter { $0.state == .running }.map(\.id).sorted()
        if chance.isOne(in: 2), let backup = chance.pick(running) { return (.backupCancel(backup), "cancel \(backup)") }
        guard let job = chance.pick(restores(where: \.isCancellable)) else { return nil }
        return (.restoreCancel(job), "cancel \(job)")
    }

    private func delete() -> (Command, String)? {
        let ended = world.witness.backups.values.filter { $0.state != .running && $0.state != .deleted }.map(\.id)
        guard ended.count > 2, let backup = chance.pick(ended.sorted()) else { return nil }
        return (.backupDelete(backup), "delete \(backup)")
    }

    private func collect() -> (Command, String)? {
        guard let site = chance.pick(world.sites) else { return nil }
        let project = site.environment.project
        return (.collectRun(CollectRun(project: project, wait: chance.isOne(in: 2))), "collect \(project)")
    }

    private func repair() -> (Command, String)? {
        guard let site = chance.pick(world.sites) else { return nil }
        let project = site.environment.project
        return (.repairRun(RepairRun(project: project, wait: chance.isOne(in: 2))), "repair \(project)")
    }

    private func verify() -> (Command, String)? {
        let complete = world.witness.backups.values.filter { $0.state == .complete }.map(\.id).sorted()
        guard let backup = chance.pick(complete) else { return nil }
        return (.backupVerify(backup), "verify \(backup)")
    }

    private func resume() -> (Command, String)? {
        guard let job = chance.pick(restores { $0.attention != nil }) else { return nil }
        return (.restoreResume(job), "resume \(job)")
    }

    private func look() -> (Command, String)? {
        switch chance.below(4) {
        case 0: (.clusterStatus, "status")
        case 1: (.jobList(all: true), "jobs")
        case 2: (.backupList(BackupList(limit: 20)), "backups")
        default: chance.pick(world.sites).map { (.environmentCheck($0.environment), "check \($0.environment)") }
        }
    }

    private func restores(where condition: (RestoreSaga) -> Bool) -> [JobID] {
        world.witness.jobs.values.compactMap { job in
            guard case .restore(let saga) = job.machine, condition(saga) else { return nil }
            return job.id
        }.sorted()
    }

    /// Mostly all of them.
    private func someServices(of services: [ServiceReference]) -> [ServiceSelector] {
        guard chance.isOne(in: 3), let one = chance.pick(services) else { return [] }
        return [.service(one)]
    }
}

extension CommandResult {
    fileprivate var summary: String {
        switch self {
        case .backup(let detail): "backup \(detail.backup.id) \(detail.backup.state.rawValue)"
        case .restore(let detail): "restore \(detail.job) \(detail.step.rawValue)"
        case .accepted(let accepted): "accepted as \(accepted.job)"
        case .download(let detail): "download \(detail.id) \(detail.state.rawValue)"
        case .verified(_, let report): "\(report.problems.count) problems"
        default: "done"
        }
    }
}

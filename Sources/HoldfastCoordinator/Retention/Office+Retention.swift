import HoldfastCatalog
import HoldfastModel

extension Office {
    /// All that is to be known to review the backups of an environment, or of one that was removed.
    ///
    /// - Parameter rules: policies to look through in place of the environment's own.
    func scene(
        of reference: EnvironmentReference, rules: RetentionRules? = nil
    ) async throws -> (scene: RetentionScene, backups: [BackupID: Stored<Backup>]) {
        // Backups before jobs: a job that is created in between writes its backup anew.
        let all = try await catalog.all(Backup.self, scope: reference.description)
        let project = try await catalog.get(Project.self, reference.project)?.value
        let backups = all.filter { stored in
            let isRemoved = stored.value.state == .deleted && stored.value.removedAt != nil
            return !isRemoved && (project == nil || stored.value.project == project?.id)
        }
        let environment = try await catalog.get(Environment.self, reference)?.value
        let zoneName = try await schedule(of: reference)?.value.zone ?? configuration.timeZone
        let policy = RetentionPolicy(
            project: project?.retention, environment: rules ?? environment?.retention)
        let scene = RetentionScene(
            backups: backups.map(\.value), policy: policy, calendar: RetentionCalendar(zone: zones(zoneName) ?? .utc),
            now: now, holds: try await holds(), hasEnvironment: environment != nil && project != nil)
        return (scene, Dictionary(backups.map { ($0.value.id, $0) }, uniquingKeysWith: { $1 }))
    }

    /// What needs a backup at the moment, whatever the rules say. Whatever else comes to need one, such as a link by which
    /// it is downloaded, belongs here.
    func holds() async throws -> [BackupID: RetentionHold] {
        var holds: [BackupID: RetentionHold] = [:]
        for job in try await catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value) {
            for backup in job.machine.backups {
                holds[backup] = RetentionHold(by: "\(job.kind.rawValue) \(job.id)")
            }
        }
        for (backup, hold) in try await downloadHolds().all {
            holds[backup] = RetentionHold(by: "download \(hold.download)", until: hold.until)
        }
        return holds
    }

    /// The backups that the environment's schedule will make; nil without one, and while it is paused.
    func plan(of reference: EnvironmentReference) async throws -> RetentionPlan? {
        guard let schedule = try await schedule(of: reference)?.value, schedule.pausedAt == nil,
            let environment = try await catalog.get(Environment.self, reference)?.value
        else { return nil }
        let services = schedule.choose(from: environment.services.map(\.reference))
        guard !services.isEmpty else { return nil }
        return try RetentionPlan(schedule: schedule, services: services, zone: try zone(schedule.zone))
    }
}

extension Job.Machine {
    /// The backups that the job reads or makes, or that bring back what it replaced.
    var backups: [BackupID] {
        switch self {
        case .backup(let machine): return [machine.backup]
        case .verify(let machine): return [machine.backup]
        case .collect, .repair: return []
        case .download(let machine): return [machine.backup]
        case .fileRestore(let machine): return [machine.plan.backup]
        case .restore(let saga):
            var backups: [BackupID] = []
            if case .backup(let source) = saga.plan.source, isAtWork { backups.append(source) }
            if let safety = saga.plan.safetyBackup { backups.append(safety) }
            return backups
        }
    }
}

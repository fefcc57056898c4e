import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    private static let shownRuns = 5

    func setSchedule(_ set: ScheduleSet, _ principal: Principal) async throws -> CommandResult {
        let environment = try await office.environments.record(set.environment)
        let project = try await office.projects[set.environment.project].record().value
        let stored = try await office.schedule(of: set.environment)
        var kinds: [ServiceKind] = []
        var services: [ServiceReference] = []
        for selector in set.services {
            switch selector {
            case .kind(let kind): kinds.append(kind)
            case .service(let service): services.append(service)
            }
        }
        if !set.services.isEmpty, !environment.value.services.isEmpty {
            _ = try set.services.choose(from: environment.value.services.map(\.reference), of: "\(set.environment)")
        }
        var schedule = try office.makeSchedule(
            of: set.environment, project.id, set.timing, zone: set.zone ?? stored?.value.zone, kinds: kinds,
            services: services, jitterSeconds: set.jitterSeconds, author: principal.name)
        if set.isPaused { (schedule.pausedAt, schedule.next) = (office.now, nil) }
        if let old = stored?.value {
            (schedule.last, schedule.missed, schedule.skipped) = (old.last, old.missed, old.skipped)
        }
        var changes = Changes(expects: [.unchanged(environment)])
        if let stored { try changes.put(schedule, over: stored) } else { try changes.insert(schedule) }
        try await office.ledger.commit(changes)
        return .schedule(try await detail(of: schedule))
    }

    func showSchedule(_ environment: EnvironmentReference) async throws -> CommandResult {
        .schedule(try await detail(of: try await storedSchedule(of: environment).value))
    }

    func listSchedules(_ project: Name?, _ principal: Principal) async throws -> CommandResult {
        if let project { _ = try await office.projects[project].record() }
        var details: [ScheduleDetail] = []
        for schedule in try await office.catalog.all(Schedule.self, group: project?.text).map(\.value)
        where principal.has(.viewer, in: schedule.environment.project) {
            details.append(try await detail(of: schedule))
        }
        return .schedules(details.sorted { $0.environment < $1.environment })
    }

    func pauseSchedule(_ environment: EnvironmentReference) async throws -> CommandResult {
        try await changeSchedule(of: environment) { schedule in
            schedule.pausedAt = schedule.pausedAt ?? office.now
            schedule.next = nil
        }
    }

    /// What was due meanwhile was not missed: nobody wanted it.
    func resumeSchedule(_ environment: EnvironmentReference) async throws -> CommandResult {
        try await changeSchedule(of: environment) { schedule in
            guard schedule.pausedAt != nil else { return }
            schedule.pausedAt = nil
            schedule.next = try office.nextRun(of: schedule)
        }
    }

    func removeSchedule(_ environment: EnvironmentReference) async throws -> CommandResult {
        let stored = try await storedSchedule(of: environment)
        var changes = Changes()
        changes.delete(stored)
        try await office.ledger.commit(changes)
        return .done("\(environment) has no schedule any more: it is backed up only on demand. Its backups are kept")
    }

    // MARK: parts

    private func changeSchedule(
        of environment: EnvironmentReference, _ body: (inout Schedule) throws -> Void
    ) async throws -> CommandResult {
        let stored = try await storedSchedule(of: environment)
        var schedule = stored.value
        try body(&schedule)
        var changes = Changes()
        try changes.put(schedule, over: stored)
        try await office.ledger.commit(changes)
        return .schedule(try await detail(of: schedule))
    }

    private func storedSchedule(of environment: EnvironmentReference) async throws -> Stored<Schedule> {
        _ = try await office.environments.record(environment)
        guard let stored = try await office.schedule(of: environment) else {
            throw HoldfastError(
                .notFound,
                """
                \(environment) has no schedule: `holdfast schedule set \(environment) --preset daily` gives it one
                """)
        }
        return stored
    }

    func detail(of schedule: Schedule) async throws -> ScheduleDetail {
        var runs: [Schedule.Run] = []
        if schedule.pausedAt == nil, let zone = office.zones(schedule.zone) {
            runs = try schedule.runs(after: office.now, in: zone, count: Self.shownRuns)
        }
        var last: ScheduleDetail.Last?
        if let run = schedule.last {
            let backup = try await office.catalog.get(Backup.self, run.backup)?.value
            last = ScheduleDetail.Last(
                backup: run.backup, dueAt: run.dueAt, startedAt: run.startedAt, state: backup?.state,
                failure: backup?.failure)
        }
        return ScheduleDetail(schedule, label: try schedule.timing.expression().label, nextRuns: runs, last: last)
    }
}

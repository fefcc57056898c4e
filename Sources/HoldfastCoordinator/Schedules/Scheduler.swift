import HoldfastCatalog
import HoldfastModel
import Logging

/// Starts the backups that schedules have due. One transaction creates the backup with its job and moves its schedule on,
/// so that no crash runs it twice or loses it.
package struct Scheduler: Sendable {
    let office: Office

    package init(office: Office) { self.office = office }

    /// Until the task is cancelled.
    package func run() async {
        var watch = ScheduleWatch()
        while !Task.isCancelled {
            do {
                try await office.time.sleep(for: office.configuration.schedulePause)
                // Only a look that succeeds counts.
                var next = watch
                try await startDue(all: next.look(at: office.now))
                watch = next
            } catch is CancellationError {
                return
            } catch {
                office.logger.error("Looking for backups that are due: \(HoldfastError(error))")
            }
        }
    }

    /// - Parameter all: also look at schedules whose next run seems to be far away, as after a clock was set back.
    package func startDue(all: Bool = false) async throws {
        let now = office.now
        var last: Stored<Schedule>?
        while true {
            let page = try await office.catalog.list(
                Schedule.self, scope: Schedule.Scope.planned.rawValue, limit: 100, after: last)
            for stored in page where all || stored.value.next.map({ $0.startsAt <= now }) ?? true {
                await attend(to: stored)
            }
            guard page.count == 100, all || page.last?.value.next.map({ $0.startsAt <= now }) == true else { return }
            last = page.last
        }
    }

    /// What is wrong with one schedule keeps no other waiting.
    private func attend(to stored: Stored<Schedule>) async {
        let environment = stored.value.environment
        do {
            try office.ledger.requireOffice()
            let zone = try office.zone(stored.value.zone)
            switch try stored.value.decide(at: office.now, in: zone) {
            case .wait: return
            case .plan(let run):
                var schedule = stored.value
                schedule.next = run
                try await put(schedule, over: stored)
            case .run(let run, let missed): try await begin(run, missed, stored, zone)
            }
        } catch let error as HoldfastError where error.code == .conflict {
            // Somebody changed the schedule or its environment: the next look sees it as it is now.
            return
        } catch {
            office.logger.error("The schedule of \(environment): \(HoldfastError(error))")
        }
    }

    private func begin(
        _ run: Schedule.Run, _ missed: Schedule.MissedRuns?, _ stored: Stored<Schedule>, _ zone: ZoneRules
    ) async throws {
        var schedule = stored.value
        let now = office.now
        schedule.next = try schedule.run(after: max(now, run.startsAt), in: zone)
        var notices = Changes()
        if let missed {
            schedule.missed = missed
            notices = try await office.deliveries(of: [Notice(missed, of: schedule)])
            office.logger.warning(
                """
                \(missed.count) scheduled backups of \(schedule.environment) were missed since \
                \(missed.firstDueAt.plain) UTC; one is made up for them now
                """)
        }
        guard let environment = try await office.catalog.get(Environment.self, schedule.environment) else {
            var changes = Changes()
            changes.delete(stored)
            return try await office.ledger.commit(changes)
        }
        if let reason = try await reasonToPassOver(schedule, environment.value) {
            schedule.skipped = Schedule.SkippedRun(dueAt: run.dueAt, reason: reason)
            office.logger.notice("No scheduled backup of \(schedule.environment): \(reason)")
            try await put(schedule, over: stored, notices)
        } else {
            try await start(run, missed, schedule, environment, over: stored, notices)
        }
        if missed != nil { office.hasNotices() }
    }

    /// Backups that take longer than from one run to the next don't pile up.
    private func reasonToPassOver(_ schedule: Schedule, _ environment: Environment) async throws -> String? {
        if schedule.choose(from: environment.services.map(\.reference)).isEmpty {
            return environment.services.isEmpty
                ? "the environment has no services yet" : "the environment has none of the services it names"
        }
        if let last = schedule.last, let job = try await office.catalog.get(Job.self, last.job)?.value,
            job.machine.isAtWork
        {
            return "the one before it, \(last.backup), is still at work"
        }
        return nil
    }

    private func start(
        _ run: Schedule.Run, _ missed: Schedule.MissedRuns?, _ schedule: Schedule, _ environment: Stored<Environment>,
        over stored: Stored<Schedule>, _ notices: Changes
    ) async throws {
        let project = try await office.projects[schedule.environment.project].record(schedule.project).value
        var schedule = schedule
        let id: BackupID = office.identifier()
        let label = try schedule.timing.expression().label
        let text = "by schedule, due \(run.dueAt.plain) UTC" + (missed.map { ", after \($0.count) missed" } ?? "")
        let job = try await office.audited(
            "backup create \(schedule.environment)", by: "schedule", from: .schedule, on: (project.name, project.id)
        ) {
            try await office.startBackup(
                id, of: environment, project, schedule.choose(from: environment.value.services.map(\.reference)),
                trigger: .scheduled, note: nil, author: "schedule", text: text
            ) { job, backup, changes in
                backup.firstLabel = label
                schedule.last = Schedule.LastRun(
                    dueAt: run.dueAt, startedAt: backup.createdAt, backup: backup.id, job: job.id)
                try changes.put(schedule, over: stored)
                changes.add(notices)
            }
        }
        await office.jobs.start(job, in: office)
    }

    private func put(
        _ schedule: Schedule, over stored: Stored<Schedule>, _ further: Changes = Changes()
    ) async throws {
        var changes = further
        try changes.put(schedule, over: stored)
        try await office.ledger.commit(changes)
    }
}

import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import Logging

/// Looks at what begins and ends by itself: nodes, regions, space, and backups that don't come.
package struct NoticeKeeper: Sendable {
    let office: Office

    package init(office: Office) { self.office = office }

    /// Until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                try await office.time.sleep(for: office.configuration.noticePause)
                try await look()
            } catch is CancellationError {
                return
            } catch {
                office.logger.error("Looking for what to tell: \(HoldfastError(error))")
            }
        }
    }

    /// What is noted and what is told are one transaction. While nobody is to be told, nothing is noted either: whoever is
    /// added then learns what is going on.
    package func look() async throws {
        guard try await !office.catalog.list(NoticeTarget.self, limit: 1).isEmpty else { return }
        let stored = try await office.catalog.get(Setting<NoticeWatch>.self, .notices)
        let before = stored?.value.value ?? NoticeWatch()
        var watch = before
        let notices = watch.look(try await sights())
        guard watch != before else { return }
        var changes = try await office.deliveries(of: notices)
        let setting = Setting(.notices, watch)
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        try await office.ledger.commit(changes)
        for notice in notices { office.logger.notice("\(notice.title). \(notice.text)") }
        office.hasNotices()
    }

    private func sights() async throws -> [NoticeWatch.Sight] {
        let nodes = await office.registry.statuses.map { status in
            NoticeWatch.Sight.Node(
                id: status.id, name: status.name, region: status.region,
                isUp: status.state == .suspect ? nil : status.state == .up, freeBytes: status.freeBytes,
                capacityBytes: status.capacityBytes, takesWrites: status.takesWrites)
        }
        var sights = NoticeWatch.Sight.all(of: nodes, at: office.now)
        let schedules = try await office.catalog.all(Schedule.self, scope: Schedule.Scope.planned.rawValue)
        for schedule in schedules.map(\.value) {
            guard let zone = office.zones(schedule.zone) else { continue }
            let (lastGood, isAtWork) = try await lastGood(of: schedule)
            // What is wrong with one schedule is told by the scheduler, and keeps nothing else from being told.
            let sight = try? NoticeWatch.Sight.backup(
                schedule, lastGood: lastGood, isAtWork: isAtWork, at: office.now, in: zone)
            if let sight { sights.append(sight) }
        }
        return sights
    }

    /// When the last good backup was begun that does for a scheduled one, and whether such a one is being made.
    private func lastGood(of schedule: Schedule) async throws -> (Timestamp?, Bool) {
        let environment = try await office.catalog.get(Environment.self, schedule.environment)?.value
        let services = (environment?.services ?? []).map(\.reference).chosen(schedule.kinds, schedule.services)
        var isAtWork = false
        var last: Stored<Backup>?
        while true {
            let page = try await office.catalog.list(
                Backup.self, scope: schedule.environment.description, descending: true, limit: 10, after: last)
            for backup in page.map(\.value)
            where backup.project == schedule.project && backup.isAsDue(for: services) {
                if backup.state == .running { isAtWork = true }
                if backup.state == .complete { return (backup.createdAt, isAtWork) }
            }
            guard page.count == 10 else { return (nil, isAtWork) }
            last = page.last
        }
    }
}

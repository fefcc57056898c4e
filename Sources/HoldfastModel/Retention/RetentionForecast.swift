/// Foresees when each backup goes, if every planned backup succeeds and nobody makes others: the rules are carried out in
/// advance, run by run and day by day.
struct RetentionForecast {
    /// How much is looked at, counted in backups times runs and days: years of a daily schedule, some months of an hourly
    /// one, a day of one that runs every minute.
    private static let workLimit = 200_000

    private let scene: RetentionScene
    private let plan: RetentionPlan?
    private var series: [ServiceReference: RetentionSeries]
    private var newest: [ServiceReference: BackupID]
    /// When the rules let a part go.
    private var released: [BackupID: [ServiceReference: Timestamp]] = [:]
    /// When it stopped being the newest of a service.
    private var superseded: [BackupID: [ServiceReference: Timestamp]] = [:]
    private var waiting: Set<BackupID> = []
    private(set) var end: Timestamp

    init(_ review: RetentionReview, plan: RetentionPlan?) {
        (scene, self.plan) = (review.scene, plan)
        (series, newest, end) = (review.series, review.newest, review.scene.now)
        releaseSurplus(at: scene.now)
        releaseAged()
        waiting = Set(series.values.flatMap { $0.members.map(\.backup) })
        run()
    }

    /// - Returns: nil for one that stays as far as was foreseen.
    func departure(of backup: Backup) -> Timestamp? {
        guard backup.pinnedAt == nil else { return nil }
        var latest = scene.now
        for service in backup.partServices {
            if newest[service] == backup.id { return nil }
            if let time = superseded[backup.id]?[service] { latest = max(latest, time) }
            guard backup.expiresAt == nil else { continue }
            guard let time = released[backup.id]?[service] else { return nil }
            latest = max(latest, time)
        }
        let hold = scene.holds[backup.id]?.until
        return max(max(latest, backup.expiresAt ?? latest), hold ?? latest)
    }

    /// Until when a backup without labels stays, however many newer ones are made.
    func ageLimit(of backup: Backup) -> Timestamp? {
        switch backup.trigger {
        case .onDemand, .upload: backup.createdAt.advanced(by: .seconds(scene.policy.onDemandDays * 86_400))
        case .safety: backup.createdAt.advanced(by: .seconds(scene.policy.safetyDays * 86_400))
        case .scheduled: nil
        }
    }

    // MARK: what happens

    private mutating func run() {
        var events = 0
        var work = 0
        var nextRun = plan?.run(after: end)
        while work < Self.workLimit, isAnythingToCome(nextRun) {
            let nextDay = scene.calendar.nextDay(after: end)
            if let run = nextRun, run <= nextDay {
                end = run
                arrive(at: run, number: events)
                nextRun = plan?.run(after: run)
            } else {
                end = nextDay
            }
            releaseSurplus(at: end)
            events += 1
            work += series.values.reduce(1) { $0 + $1.members.count }
        }
    }

    private func isAnythingToCome(_ nextRun: Timestamp?) -> Bool {
        if nextRun != nil { return !waiting.isEmpty || !newest.values.allSatisfy(isForeseen) }
        // Without new ones only what is beyond its label's count can still go.
        return series.values.contains { series in
            RetentionLabel.allCases.contains { label in
                series.members.count { $0.label == label } > series.policy.count(of: label)
            }
        }
    }

    private func isForeseen(_ backup: BackupID) -> Bool { backup.text.hasPrefix(Self.prefix) }

    private mutating func arrive(at time: Timestamp, number: Int) {
        guard let plan, let id = Self.identifier(number) else { return }
        for service in plan.services {
            if let old = newest.updateValue(id, forKey: service) { superseded[old, default: [:]][service] = time }
            guard scene.hasEnvironment else { continue }
            series[service, default: RetentionSeries(policy: scene.policy, calendar: scene.calendar)]
                .arrive(id, createdAt: time, label: plan.label)
        }
    }

    private mutating func releaseSurplus(at time: Timestamp) {
        let now = scene.calendar.position(time)
        for service in series.keys {
            for member in series[service]?.surplus(at: now) ?? [] where newest[service] != member.backup {
                series[service]?.remove(member.backup)
                released[member.backup, default: [:]][service] = time
                if !series.values.contains(where: { $0.members.contains { $0.backup == member.backup } }) {
                    waiting.remove(member.backup)
                }
            }
        }
    }

    /// Of those that bear no labels each goes once so many newer ones are old as well.
    private mutating func releaseAged() {
        guard scene.hasEnvironment else { return }
        let complete = scene.backups.filter { $0.state == .complete && $0.isRuled }.sorted { $1.age < $0.age }
        let kinds: [(Set<Backup.Trigger>, Int, Int)] = [
            ([.onDemand, .upload], scene.policy.onDemandDays, scene.policy.onDemandCount),
            ([.safety], scene.policy.safetyDays, scene.policy.safetyCount),
        ]
        for (triggers, days, count) in kinds {
            var ends: [ServiceReference: [Timestamp]] = [:]
            for backup in complete where triggers.contains(backup.trigger) {
                for service in backup.partServices {
                    ends[service, default: []].append(backup.createdAt.advanced(by: .seconds(days * 86_400)))
                    let index = ends[service, default: []].count - 1 - count
                    if index >= 0 { released[backup.id, default: [:]][service] = ends[service]?[index] }
                }
            }
        }
        for backup in complete where backup.trigger == .scheduled {
            for part in backup.labels ?? [] where part.label == nil {
                released[backup.id, default: [:]][part.service] = scene.now
            }
        }
    }

    // MARK: backups that are not made yet

    private static let prefix = "zzzz"

    private static func identifier(_ number: Int) -> BackupID? {
        BackupID(prefix + Base32.text(of: UInt64(number), digits: BackupID.length - prefix.count))
    }
}

/// The backups that a schedule will make.
package struct RetentionPlan: Sendable {
    package var schedule: Schedule
    package var services: [ServiceReference]
    package var label: RetentionLabel
    package var zone: ZoneRules

    /// - Throws: what reading the schedule's timing throws.
    package init(schedule: Schedule, services: [ServiceReference], zone: ZoneRules) throws(HoldfastError) {
        self.schedule = schedule
        self.services = services
        label = try schedule.timing.expression().label
        self.zone = zone
    }

    func run(after instant: Timestamp) -> Timestamp? {
        // The timing was read before; what can't be read here is no run.
        (try? schedule.run(after: instant, in: zone))?.startsAt
    }
}

extension RetentionReview {
    /// Says of each verdict when its backup goes.
    package func foreseen(with plan: RetentionPlan?) -> RetentionReview {
        let forecast = RetentionForecast(self, plan: plan)
        var review = self
        for backup in scene.backups where backup.state == .complete {
            let goesAt = forecast.departure(of: backup)
            var staysUntil: Timestamp?
            if goesAt == nil, backup.isRuled, scene.hasEnvironment {
                staysUntil = forecast.ageLimit(of: backup) ?? (plan == nil ? nil : forecast.end)
            }
            review.foresee(backup.id, goesAt: goesAt, staysUntil: staysUntil.flatMap { $0 > scene.now ? $0 : nil })
        }
        return review
    }
}

import HoldfastModel

/// A cluster of a hundred projects over a year, as its coordinators' records have it: time passes from one event to the
/// next, and each backup is an event and not bytes. Schedules, jobs, retention, what people do, clocks and terms of office
/// are decided by the machines and policies themselves, put together as the coordinator does.
final class YearCluster {
    /// What a month of it took and left.
    struct Month {
        var backups = 0
        var reviews = 0
        /// Records that reviews looked at.
        var looked = 0
        /// Records at its end.
        var records = 0
    }

    static let start = time("2026-01-01T12:00:00Z")
    private static let monthLength = Duration.seconds(365 * 86_400 / 12)
    private static let poll: Int64 = 10

    var environments: [YearEnvironment]
    var months: [Month] = [Month()]
    var counts: [String: Int] = [:]
    var faults: [String] = []
    var dice: Dice
    var dues: Dues
    var uptime = Duration.zero
    var offset = Duration.zero
    var identifiers = 0
    /// Nil while nobody leads.
    var term: Term?
    /// What the catalog keeps of retention.
    var stored = (reviewedAt: Timestamp?.none, pause: ClockWatch.Pause?.none)
    var jumpedAt = Duration.seconds(-86_400)
    var latestJob: Timestamp?
    /// Last first.
    private var events: [(at: Duration, event: Event)] = []

    struct Term {
        var began: Timestamp
        var beganUp: Duration
        /// Whether the wall clock was right then.
        var isRight: Bool
        var schedules = ScheduleWatch()
        var clock: ClockWatch
        var looksAtClock: Duration
        var looksAtAll: Duration?
    }

    enum Event {
        case leaves, takesOffice, jump(Duration)
        /// Of every environment in turn.
        case people
    }

    init(seed: UInt64, projects: Int) throws {
        dice = Dice(seed: seed)
        dues = Dues(from: Self.start.advanced(by: .seconds(-3 * 86_400)), days: 800)
        environments = []
        for number in 0..<projects {
            let services = number % 3 == 0 ? [RetentionWorld.both[number % 2]] : RetentionWorld.both
            // Mostly once a day.
            let pattern = Dues.Pattern.all[number % 20 == 7 ? 6 : number % 20 == 11 ? 5 : number % 5]
            environments.append(
                YearEnvironment(
                    reference: try EnvironmentReference("project\(number)/live"), project: try identifier(number),
                    services: services, pattern: pattern))
        }
        takeOffice()
        for index in environments.indices {
            try setSchedule(index, environments[index].pattern, TestZones.all[index % TestZones.all.count])
        }
        planEvents()
    }

    var now: Timestamp { Self.start.advanced(by: uptime + offset) }

    func run(for length: Duration) throws {
        while let next = nextEvent(), next <= length, faults.isEmpty {
            uptime = max(uptime, next)
            while uptime >= Self.monthLength * months.count { endMonth() }
            try happen()
        }
        for index in environments.indices {
            requireRuns(index)
        }
        months[months.count - 1].records = environments.reduce(0) { $0 + $1.backups.count }
    }

    private func endMonth() {
        months[months.count - 1].records = environments.reduce(0) { $0 + $1.backups.count }
        months.append(Month())
    }

    func report(_ index: Int, _ what: String) {
        faults.append("\(now.plain): \(environments[index].reference): \(what)")
    }

    func count(_ what: String, _ number: Int = 1) { counts[what, default: 0] += number }

    // MARK: what happens next

    private func nextEvent() -> Duration? {
        var next = events.last?.at
        func consider(_ time: Duration) { next = min(next ?? time, time) }
        guard let term else { return next }
        consider(term.looksAtClock)
        if let look = term.looksAtAll { consider(look) }
        for environment in environments {
            if let due = environment.schedule?.next?.startsAt {
                consider(Self.nextPoll(uptime + max(.zero, now.duration(to: due))))
            }
            for work in environment.works.values { if let end = work.endsAt { consider(end) } }
        }
        return next
    }

    /// Schedules are looked at every ten seconds.
    private static func nextPoll(_ time: Duration) -> Duration {
        let tenths = time / .seconds(poll)
        return .seconds(Int64(tenths.rounded(.up)) * poll)
    }

    private func happen() throws {
        while let last = events.last, last.at <= uptime {
            events.removeLast()
            try happen(last.event)
        }
        guard term != nil else { return }
        for index in environments.indices {
            for (id, work) in environments[index].works.sorted(by: { $0.key < $1.key }) {
                if let end = work.endsAt, end <= uptime { try finish(id, index) }
            }
        }
        if uptime.components.seconds % Self.poll == 0 { try lookAtSchedules() }
        if let term, term.looksAtClock <= uptime { try lookAtTheClock() }
    }

    private func happen(_ event: Event) throws {
        switch event {
        case .leaves: term = nil
        case .takesOffice:
            takeOffice()
            for index in environments.indices {
                try environments[index].takeUp()
                proceed(index)
            }
        case .jump(let by):
            offset += by
            jumpedAt = uptime
            term?.looksAtAll = Self.nextPoll(uptime + .seconds(1))
            count("jumps of the clock")
        case .people:
            for index in environments.indices { try people(index) }
        }
    }

    private func planEvents() {
        // Days of people begin at their own times; terms of office end seldom for long; clocks are wrong a few times.
        for day in 0..<365 {
            events.append((.seconds(day * 86_400 + 7 * 3600 + dice.below(8 * 3600)), .people))
            if dice.chance(4) {
                let leaves = Duration.seconds(day * 86_400 + dice.below(86_400))
                let away = dice.chance(8) ? 86_400 * (1 + dice.below(12)) : 20 + dice.below(6 * 3600)
                events += [(leaves, .leaves), (leaves + .seconds(away), .takesOffice)]
            }
        }
        for (from, to, by) in [(60, 62, 40 * 86_400), (130, 131, -7200), (200, 201, 5400), (290, 293, -3 * 86_400)] {
            let start = Duration.seconds(from * 86_400 + dice.below(86_400))
            let end = Duration.seconds(to * 86_400 + dice.below(86_400))
            events += [(start, .jump(.seconds(by))), (end, .jump(.seconds(-by)))]
        }
        events.sort { $0.at > $1.at }
    }
}

extension Dice {
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &self) }
}

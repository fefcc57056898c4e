import HoldfastModel
import Testing

@Suite struct RetentionTests {
    private let database = ServiceReference(.database), media = ServiceReference(.media)

    private func year() throws -> RetentionWorld {
        var world = try RetentionWorld()
        for _ in 0..<400 {
            try world.back()
            world.review()
            world.advance(days: 1)
        }
        return world
    }

    @Test func failedDaysTakeNothing() throws {
        var world = try year()
        let ids = world.backups.map(\.id)
        let counts = world.counts()
        for _ in 0..<8 {
            try world.back(state: .failed)
            world.review()
            world.advance(days: 1)
        }
        #expect(world.counts() == counts)
        world.advance(days: 5000)
        world.review()
        #expect(Set(ids).isSubset(of: world.backups.map(\.id)) && world.counts() == counts)
        // And one that succeeds takes the place of one.
        try world.back()
        world.review()
        #expect(world.counts().values.reduce(0, +) == counts.values.reduce(0, +))
    }

    @Test func aFailedBackupEvictsNothingAndItsRecordGoesLater() throws {
        var world = try RetentionWorld()
        try world.back()
        let failed = try world.back(state: .failed)
        #expect(world.review().isEmpty)
        #expect(world.verdict(failed)?.reasons.map(\.kind) == [.failed])
        world.advance(days: 31)
        #expect(world.review() == [failed])
    }

    @Test func theNewestIsTheNewestThatIsComplete() throws {
        var world = try RetentionWorld()
        (world.policy.daily, world.policy.weekly, world.policy.monthly) = (0, 0, 0)
        let good = try world.back()
        world.advance(days: 1)
        try world.back(state: .failed)
        world.advance(days: 10)
        #expect(world.review().isEmpty)
        #expect(world.verdict(good)?.reasons.map(\.kind) == [.newest])
    }

    /// However many come in a day, what is younger than its label has to be stays.
    @Test func manyOfOneDayDoNotPushOutTheDaysBefore() throws {
        var world = try RetentionWorld()
        for _ in 0..<3 {
            try world.back()
            world.advance(days: 1)
        }
        for _ in 0..<10 { try world.back() }
        #expect(world.review().isEmpty)
    }

    @Test func onDemandOnesAreKeptAMonthAndThreeOfThemLonger() throws {
        var world = try RetentionWorld()
        var ids: [BackupID] = []
        for _ in 0..<6 {
            ids.append(try world.back(up: RetentionWorld.both, .onDemand))
            world.advance(days: 1)
        }
        #expect(world.review().isEmpty)
        // The first is older than 30 days, and so are three after it only on the fourth day after that.
        world.advance(days: 30)
        #expect(world.review() == Array(ids[..<3]))
        #expect(world.backups.map(\.id) == Array(ids[3...]))
        world.advance(days: 1000)
        #expect(world.review().isEmpty)
        #expect(world.verdict(ids[3])?.reasons == [RetentionReason(.count, place: 3, of: 3)])
    }

    @Test func aBackupGoesOnlyWhenEachOfItsPartsMayGo() throws {
        var world = try RetentionWorld()
        let whole = try world.back()
        for _ in 0..<60 {
            world.advance(days: 1)
            try world.back(up: [database])
            world.review()
        }
        // Its database would be long gone; the media has nothing newer.
        let verdict = world.verdict(whole)
        #expect(verdict?.goes == false)
        #expect(verdict?.reasons.contains(RetentionReason(.newest, [media])) == true, "\(String(describing: verdict))")
        #expect(world.counts(database)[.daily] == 7 && world.counts(media).values.reduce(0, +) == 1)
        for _ in 0..<40 {
            world.advance(days: 1)
            try world.back()
            world.review()
        }
        #expect(world.counts(media)[.daily] == 7)
    }

    @Test func numbersBeyondAllSenseAreRefused() throws {
        func rules(_ change: (inout RetentionRules) -> Void) -> RetentionRules {
            var rules = RetentionRules()
            change(&rules)
            return rules
        }
        for good in [rules { $0.daily = 0 }, rules { $0.daily = 1000 }, rules { $0.onDemandDays = 36_500 }] {
            try good.validate()
        }
        for bad in [
            rules { $0.hourly = -1 }, rules { $0.daily = 1001 }, rules { $0.safetyCount = .max },
            rules { $0.onDemandDays = 36_501 }, rules { $0.failedDays = -1 }, rules { $0.windowDays = 366 },
        ] {
            #expect(throws: HoldfastError.self, "\(bad)") { try bad.validate() }
        }
    }

    @Test func aPartThatTheRulesKeepKeepsTheOthersToo() throws {
        var world = try RetentionWorld()
        (world.policy.weekly, world.policy.monthly) = (0, 0)
        let whole = try world.back()
        world.advance(days: 1)
        try world.back()
        for _ in 0..<60 {
            world.advance(days: 1)
            try world.back(up: [database])
            world.review()
        }
        // Of the media there is a newer one, and fewer than the rules keep.
        let verdict = world.verdict(whole)
        #expect(verdict?.goes == false)
        #expect(verdict?.reasons.map(\.kind) == [.label], "\(String(describing: verdict))")
    }

    @Test func theNewestOfAServiceNeverGoesByRuleNorByDate() throws {
        var world = try RetentionWorld()
        world.policy.daily = 0
        world.policy.weekly = 0
        world.policy.monthly = 0
        let first = try world.back()
        world.advance(days: 3000)
        let past = world.now.advanced(by: .seconds(-1))
        world.edit(first) { $0.expiresAt = past }
        #expect(world.review().isEmpty)
        #expect(world.verdict(first)?.reasons == [RetentionReason(.newest)])
        try world.back()
        #expect(world.review() == [first])
    }

    @Test func pinsDatesAndHolds() throws {
        var world = try year()
        let oldest = try #require(world.backups.first?.id)
        world.edit(oldest) { $0.pinnedAt = $0.createdAt }
        let dated = try world.back(up: RetentionWorld.both, .onDemand)
        let end = world.now.advanced(by: .seconds(90 * 86_400))
        world.edit(dated) { $0.expiresAt = end }
        let held = try #require(world.backups.dropFirst().first?.id)
        world.holds[held] = RetentionHold(by: "restore 1")
        for _ in 0..<400 {
            world.advance(days: 1)
            try world.back()
            world.review()
            #expect(world.backups.contains { $0.id == dated } == (world.now < end))
        }
        #expect(world.verdict(oldest)?.reasons.map(\.kind) == [.pinned])
        #expect(world.verdict(held)?.reasons.first?.detail == "restore 1")
        #expect(world.counts()[.daily] == 7)
        world.holds = [:]
        #expect(world.review() == [held])
        world.edit(oldest) { $0.pinnedAt = nil }
        #expect(world.review() == [oldest])
    }

    @Test func withoutItsEnvironmentNothingGoesByRule() throws {
        var world = try year()
        world.hasEnvironment = false
        world.advance(days: 5000)
        #expect(world.review().isEmpty)
        let some = try #require(world.backups.first?.id)
        #expect(world.verdict(some)?.reasons.map(\.kind) == [.environmentRemoved])
        let past = world.now.advanced(by: .seconds(-1))
        world.edit(some) { $0.expiresAt = past }
        #expect(world.review() == [some])
    }

    @Test func aScheduleThatRunsLessOftenTakesItsHourlyOnesAlong() throws {
        var world = try RetentionWorld()
        for _ in 0..<72 {
            try world.back(label: .hourly)
            world.review()
            world.advance(hours: 1)
        }
        #expect(world.counts()[.hourly] == 24)
        for _ in 0..<30 {
            try world.back()
            world.review()
            world.advance(days: 1)
        }
        #expect(world.counts()[.hourly] == nil && world.counts()[.daily] == 7)
    }

    /// What is foretold is what then happens.
    @Test(arguments: [
        (RetentionLabel.daily, "0 2 * * *", 450), (.hourly, "0 */6 * * *", 380), (.weekly, "0 2 * * 0", 450),
    ])
    func whatIsForetoldHappens(_ label: RetentionLabel, _ cron: String, _ days: Int) throws {
        var world = try RetentionWorld()
        let schedule = Schedule(
            environment: try EnvironmentReference("shop/live"), project: try identifier(1), author: "anna",
            createdAt: world.now, timing: .cron(try CronExpression(cron)), zone: "x", jitterSeconds: 0)
        func run() throws {
            let next = try #require(try schedule.run(after: world.now, in: world.zone)).startsAt
            let calendar = world.zone.local(world.now).day
            // The daily review comes in between where a day begins without a backup.
            for day in stride(from: calendar + 1, through: world.zone.local(next).day, by: 1) {
                world.now = min(next, world.zone.instant(of: LocalTime(day: day, minute: 0)))
                record(world.review())
            }
            world.now = next
            try world.back(label: label)
            record(world.review())
        }
        var went: [BackupID: Timestamp] = [:]
        func record(_ ids: [BackupID]) { for id in ids { went[id] = world.now } }
        for number in 0..<60 {
            try run()
            if number % 9 == 0 { try world.back(up: [media], .onDemand) }
        }
        let plan = try RetentionPlan(schedule: schedule, services: RetentionWorld.both, zone: world.zone)
        let foretold = RetentionReview(world.scene).foreseen(with: plan).verdicts
        let end = world.now.advanced(by: .seconds(days * 86_400))
        while world.now < end { try run() }
        for verdict in foretold {
            guard let goesAt = verdict.goesAt else {
                #expect(went[verdict.backup] == nil, "\(verdict)")
                continue
            }
            guard goesAt <= world.now else { continue }
            let actual = try #require(went[verdict.backup], "\(verdict) is still there")
            // What goes by its days alone goes at the next review.
            #expect(
                actual == goesAt || (actual > goesAt && goesAt.duration(to: actual) < .seconds(86_400)), "\(verdict)")
        }
        #expect(foretold.contains { $0.goesAt != nil })
    }

    @Test func theDefaultsAreTold() {
        let policy = RetentionPolicy(project: nil, environment: nil)
        #expect((policy.hourly, policy.daily, policy.weekly, policy.monthly) == (24, 7, 4, 12))
        var project = RetentionRules(), environment = RetentionRules()
        (project.daily, project.weekly, environment.daily) = (10, 8, 3)
        let both = RetentionPolicy(project: project, environment: environment)
        #expect((both.daily, both.weekly, both.monthly) == (3, 8, 12))
        environment.daily = 1001
        #expect(throws: HoldfastError.self) { try environment.validate() }
    }
}

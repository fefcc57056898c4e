import HoldfastModel
import Testing

@Suite struct ScheduleTests {
    private func schedule(
        _ timing: ScheduleTiming = .preset(.daily), jitter: Int = 0, environment: String = "shop/live"
    ) throws -> Schedule {
        Schedule(
            environment: try EnvironmentReference(environment), project: try identifier(1), author: "anna",
            createdAt: time("2026-11-22T10:00:00Z"), timing: timing, zone: "UTC", jitterSeconds: jitter)
    }

    private func planned(_ schedule: Schedule, at now: String) throws -> Schedule {
        var schedule = schedule
        guard case .plan(let run) = try schedule.decide(at: time(now), in: .utc) else {
            throw HoldfastError(.internal, "nothing was planned")
        }
        schedule.next = run
        return schedule
    }

    @Test func aRunIsPlannedAndThenDue() throws {
        let schedule = try planned(schedule(), at: "2026-11-22T10:00:00Z")
        #expect(schedule.next?.startsAt == time("2026-11-23T02:00:00Z"))
        #expect(try schedule.decide(at: time("2026-11-23T01:59:59Z"), in: .utc) == .wait)
        guard case .run(let run, let missed) = try schedule.decide(at: time("2026-11-23T02:00:07Z"), in: .utc) else {
            throw HoldfastError(.internal, "not due")
        }
        #expect(run == schedule.next && missed == nil)
    }

    @Test(arguments: [
        // Later than the grace: missed, and made up for once.
        ("2026-11-23T02:06:00Z", 1, "2026-11-23T02:00:00Z"), ("2026-11-24T01:00:00Z", 1, "2026-11-23T02:00:00Z"),
        // The latest one is in time, those before it are missed.
        ("2026-11-24T02:00:00Z", 1, "2026-11-24T02:00:00Z"), ("2026-11-30T12:00:00Z", 8, "2026-11-30T02:00:00Z"),
        ("2036-11-30T12:00:00Z", Schedule.MissedRuns.countLimit, "2029-08-18T02:00:00Z"),
    ])
    func missedRunsAreMadeUpForOnce(_ now: String, _ count: Int, _ due: String) throws {
        let schedule = try planned(schedule(), at: "2026-11-22T10:00:00Z")
        guard case .run(let run, let missed) = try schedule.decide(at: time(now), in: .utc) else {
            throw HoldfastError(.internal, "not due")
        }
        #expect(missed?.count == count)
        #expect(missed?.firstDueAt == time("2026-11-23T02:00:00Z"))
        #expect(run.dueAt == time(due))
        var after = schedule
        after.next = try after.run(after: time(now), in: .utc)
        #expect(try after.decide(at: time(now), in: .utc) == .wait)
    }

    @Test func aClockThatWasSetBackPlansAnew() throws {
        let schedule = try planned(schedule(), at: "2036-11-22T10:00:00Z")
        let plan = Schedule.Decision.plan(
            .init(dueAt: time("2026-11-23T02:00:00Z"), startsAt: time("2026-11-23T02:00:00Z")))
        #expect(try schedule.decide(at: time("2026-11-22T10:00:00Z"), in: .utc) == plan)
    }

    @Test func whilePausedNothingIsDue() throws {
        var schedule = try planned(schedule(), at: "2026-11-22T10:00:00Z")
        schedule.pausedAt = time("2026-11-22T11:00:00Z")
        #expect(try schedule.decide(at: time("2026-12-22T11:00:00Z"), in: .utc) == .plan(nil))
        schedule.next = nil
        #expect(try schedule.decide(at: time("2026-12-22T11:00:00Z"), in: .utc) == .wait)
    }

    @Test func aThousandProjectsAreSpread() throws {
        let starts = try (0..<1000).map { try schedule(jitter: 3600, environment: "p\($0)/live").jitterMilliseconds }
        #expect(starts.allSatisfy { (0..<3_600_000).contains($0) })
        let perMinute = Dictionary(grouping: starts) { $0 / 60_000 }.mapValues(\.count)
        #expect(perMinute.count == 60 && perMinute.values.max() ?? 0 < 40, "\(perMinute)")
        let perSecond = Dictionary(grouping: starts) { $0 / 1000 }.mapValues(\.count)
        #expect(perSecond.values.max() ?? 0 <= 5)
        #expect(try schedule(jitter: 3600).jitterMilliseconds == schedule(jitter: 3600).jitterMilliseconds)
    }

    @Test func runsStayEvenlyApartWithJitter() throws {
        let schedule = try schedule(.cron(CronExpression("* * * * *")), jitter: 60)
        let runs = try schedule.runs(after: time("2026-11-22T10:00:00Z"), in: .utc, count: 100)
        #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.startsAt.duration(to: $1.startsAt) == .seconds(60) })
        #expect(runs.allSatisfy { $0.startsAt >= $0.dueAt && $0.dueAt.duration(to: $0.startsAt) < .seconds(60) })
    }

    @Test func clocks() {
        let start = time("2026-11-22T10:00:00Z")
        func after(_ seconds: Int) -> Timestamp { start.advanced(by: .seconds(seconds)) }
        var watch = ClockWatch(wall: start, uptime: .zero, latest: after(-3600), pause: nil)
        #expect(watch.pause == nil)
        #expect(watch.observe(wall: after(60), uptime: .seconds(60)) == nil)
        // Forward by a year; a day later it counts as right.
        let year = 365 * 86_400
        let pause = ClockWatch.Pause(noticedAt: after(year + 120), jumpSeconds: Int64(year))
        #expect(watch.observe(wall: after(year + 120), uptime: .seconds(120)) == .jumped(pause))
        #expect(watch.resumesAt == after(year + 120 + 86_400))
        #expect(watch.observe(wall: after(year + 86_400), uptime: .seconds(86_400)) == nil && watch.pause != nil)
        #expect(watch.observe(wall: after(year + 86_520), uptime: .seconds(86_520)) == .settled && watch.pause == nil)
        // Forward, and set right again.
        _ = watch.observe(wall: after(3 * year), uptime: .seconds(86_530))
        #expect(watch.pause != nil)
        #expect(watch.observe(wall: after(year + 86_540), uptime: .seconds(86_540)) == .settled)
    }

    @Test(arguments: [(-301, true), (-299, false), (6 * 86_400, false), (8 * 86_400, true)])
    func aClockIsComparedWithTheCatalog(_ ahead: Int, _ isPaused: Bool) {
        let start = time("2026-11-22T10:00:00Z")
        let latest = start.advanced(by: .seconds(-ahead))
        let watch = ClockWatch(wall: start, uptime: .zero, latest: latest, pause: nil)
        #expect((watch.pause != nil) == isPaused)
        // What an earlier coordinator noticed is not forgotten.
        let earlier = ClockWatch.Pause(noticedAt: start, jumpSeconds: 86_400)
        #expect(ClockWatch(wall: start, uptime: .zero, latest: start, pause: earlier).pause == earlier)
    }
}

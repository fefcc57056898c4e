extension Schedule {
    /// How late a run may begin and not have been missed.
    package static let grace = Duration.seconds(300)

    /// What is to be done about a schedule now.
    package enum Decision: Hashable, Sendable {
        case wait
        /// The run that was planned is not the next one, because none was or the clock was set back.
        case plan(Run?)
        /// One run is due now, however many were missed before it.
        case run(Run, missed: MissedRuns?)
    }

    package func decide(at now: Timestamp, in zone: ZoneRules) throws(HoldfastError) -> Decision {
        guard pausedAt == nil else { return next == nil ? .wait : .plan(nil) }
        let upcoming = try run(after: now, in: zone)
        guard let next else { return upcoming == nil ? .wait : .plan(upcoming) }
        guard next.startsAt <= now else {
            return upcoming.map { $0.startsAt < next.startsAt } == true ? .plan(upcoming) : .wait
        }
        return due(from: next, at: now, try timing.expression(), in: zone)
    }

    private func due(
        from first: Run, at now: Timestamp, _ expression: CronExpression, in zone: ZoneRules
    ) -> Decision {
        var (latest, count) = (first, 1)
        while count < MissedRuns.countLimit, let dueAt = expression.next(after: latest.dueAt, in: zone),
            starting(dueAt) <= now
        {
            latest = Run(dueAt: dueAt, startsAt: starting(dueAt))
            count += 1
        }
        // The latest one, if it is not late, is simply done.
        let isLate = latest.startsAt.advanced(by: Self.grace) < now
        let missedCount = isLate ? count : count - 1
        guard missedCount > 0 else { return .run(latest, missed: nil) }
        let missed = MissedRuns(
            count: missedCount, firstDueAt: first.dueAt, lastDueAt: latest.dueAt, noticedAt: now)
        return .run(latest, missed: missed)
    }

    /// The first run that starts after that instant.
    // The optimiser of Swift 6.3.1 crashes when it puts this into an async function.
    @inline(never)
    package func run(after instant: Timestamp, in zone: ZoneRules) throws(HoldfastError) -> Run? {
        let before = Timestamp(milliseconds: instant.milliseconds - jitterMilliseconds)
        return try timing.expression().next(after: before, in: zone).map { Run(dueAt: $0, startsAt: starting($0)) }
    }

    /// The next runs, as they would be if it were not paused.
    package func runs(after instant: Timestamp, in zone: ZoneRules, count: Int) throws(HoldfastError) -> [Run] {
        var runs: [Run] = []
        var last = instant
        while runs.count < count, let run = try run(after: last, in: zone) {
            runs.append(run)
            last = run.startsAt
        }
        return runs
    }

    private func starting(_ due: Timestamp) -> Timestamp {
        Timestamp(milliseconds: due.milliseconds + jitterMilliseconds)
    }

    /// This environment's own delay: always the same, so that its runs stay evenly apart.
    package var jitterMilliseconds: Int64 {
        guard jitterSeconds > 0 else { return 0 }
        // FNV-1a, and a finisher that spreads similar names.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(project)/\(environment)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return Int64(hash % UInt64(jitterSeconds * 1000))
    }
}

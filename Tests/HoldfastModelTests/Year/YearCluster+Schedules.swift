import HoldfastModel

/// As the coordinator's scheduler does.
extension YearCluster {
    func setSchedule(_ index: Int, _ pattern: Dues.Pattern, _ zone: ZoneRules) throws {
        let old = environments[index].schedule
        var schedule = Schedule(
            environment: environments[index].reference, project: environments[index].project, author: "anna",
            createdAt: now, timing: .cron(try CronExpression(pattern.cron)), zone: zone.name,
            jitterSeconds: [0, 60, 3600][index % 3])
        schedule.next = try schedule.run(after: now, in: zone)
        (schedule.last, schedule.missed, schedule.skipped) = (old?.last, old?.missed, old?.skipped)
        environments[index].schedule = schedule
        environments[index].pattern = pattern
        try beginAccount(index)
    }

    func pauseOrResume(_ index: Int) throws {
        guard var schedule = environments[index].schedule else { return }
        if schedule.pausedAt == nil {
            (schedule.pausedAt, schedule.next) = (now, nil)
            environments[index].schedule = schedule
            environments[index].account = nil
        } else {
            schedule.pausedAt = nil
            schedule.next = try schedule.run(after: now, in: zone(of: index))
            environments[index].schedule = schedule
            try beginAccount(index)
        }
    }

    private func beginAccount(_ index: Int) throws {
        guard let schedule = environments[index].schedule else { return }
        let jitter = schedule.jitterMilliseconds
        if !(0...Int64(schedule.jitterSeconds) * 1000).contains(jitter) { report(index, "a jitter of \(jitter) ms") }
        environments[index].account = DueAccount(
            dues.all(environments[index].pattern, zone(of: index)), jitter: jitter, after: now)
    }

    /// The schedule's, else the cluster's.
    func zone(of index: Int) -> ZoneRules {
        let name = environments[index].schedule?.zone
        return TestZones.all.first { $0.name == name } ?? TestZones.zurich
    }

    func lookAtSchedules() throws {
        let all = term?.schedules.look(at: now) ?? false
        term?.looksAtAll = nil
        for index in environments.indices {
            guard let schedule = environments[index].schedule else { continue }
            if all { environments[index].account?.setBack(to: now) }
            if all || schedule.next.map({ $0.startsAt <= now }) ?? false { try attend(index, schedule) }
        }
    }

    private func attend(_ index: Int, _ schedule: Schedule) throws {
        switch try schedule.decide(at: now, in: zone(of: index)) {
        case .wait: return
        case .plan(let run): environments[index].schedule?.next = run
        case .run(let run, let missed):
            if let fault = environments[index].account?.acted(run, missed, at: now) { report(index, fault) }
            if environments[index].account == nil { report(index, "a run although the schedule is paused") }
            try begin(run, missed, index, schedule)
        }
    }

    private func begin(
        _ run: Schedule.Run, _ missed: Schedule.MissedRuns?, _ index: Int, _ old: Schedule
    ) throws {
        var schedule = old
        schedule.next = try schedule.run(after: max(now, run.startsAt), in: zone(of: index))
        if let missed {
            schedule.missed = missed
            count("runs missed", missed.count)
        }
        defer { environments[index].schedule = schedule }
        if let last = schedule.last, environments[index].works[last.job] != nil {
            schedule.skipped = Schedule.SkippedRun(dueAt: run.dueAt, reason: "the one before it is still at work")
            return count("runs passed over")
        }
        let backup = try startBackup(
            index, .scheduled, environments[index].services, label: try schedule.timing.expression().label)
        schedule.last = Schedule.LastRun(
            dueAt: run.dueAt, startedAt: now, backup: backup.id, job: backup.job)
        count(missed == nil ? "runs" : "runs that made up for others")
    }

    /// Whoever leads for a while has left no run that is due.
    func requireRuns(_ index: Int) {
        let patience = Duration.seconds(30)
        guard let term, uptime - term.beganUp > patience, uptime - jumpedAt > patience,
            let due = environments[index].account?.forgotten(at: now.advanced(by: .zero - patience))
        else { return }
        report(index, "nothing was done about the run of \(due)")
    }

    // MARK: jobs

    @discardableResult
    func startBackup(
        _ index: Int, _ trigger: Backup.Trigger, _ services: [ServiceReference], label: RetentionLabel? = nil
    ) throws -> Backup {
        identifiers += 2
        var backup = Backup(
            id: try identifier(identifiers), project: environments[index].project,
            environment: environments[index].reference, job: try identifier(identifiers + 1), trigger: trigger,
            services: services, note: nil, author: "anna", createdAt: now)
        backup.firstLabel = label
        latestJob = max(latestJob ?? now, now)
        // Most take minutes; a few hang for more than a day.
        let takes = dice.below(300) == 0 ? 30 * 3600 : 60 + dice.below(2400)
        try environments[index].begin(backup, takes: .seconds(takes), fails: dice.chance(2))
        proceed(index)
        return backup
    }

    func proceed(_ index: Int) {
        if environments[index].proceed(uptime) { report(index, "two jobs capture at once") }
    }

    func finish(_ id: JobID, _ index: Int) throws {
        let backup = try environments[index].captured(id, at: now, uptime)
        proceed(index)
        guard let backup else { return }
        months[months.count - 1].backups += 1
        count("backups \(backup.state.rawValue)")
        if backup.state == .complete {
            environments[index].naive.made(
                backup.id, backup.createdAt.milliseconds, backup.services,
                label: backup.firstLabel.flatMap(RetentionLabel.allCases.firstIndex),
                isSafety: backup.trigger == .safety)
        }
        try review(index)
    }
}

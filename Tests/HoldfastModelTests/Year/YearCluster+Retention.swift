import HoldfastModel

/// As the coordinator does when it takes office, looks at the clock, reviews and collects.
extension YearCluster {
    func takeOffice() {
        let latest = [stored.reviewedAt, latestJob].compactMap(\.self).max()
        term = Term(
            began: now, beganUp: uptime, isRight: offset == .zero,
            clock: ClockWatch(wall: now, uptime: uptime, latest: latest, pause: stored.pause),
            looksAtClock: uptime + .seconds(60), looksAtAll: .seconds(uptime.components.seconds / 10 * 10 + 10))
        stored.pause = term?.clock.pause
        count("terms of office")
    }

    /// What windows go by: the wall clock as it was when the term began, and the time since.
    private var steady: Timestamp { term.map { $0.began.advanced(by: uptime - $0.beganUp) } ?? now }

    private func isClockTrusted() -> Bool {
        _ = term?.clock.observe(wall: now, uptime: uptime)
        stored.pause = term?.clock.pause
        return term != nil && stored.pause == nil
    }

    func lookAtTheClock() throws {
        // Every hour is often enough for a cluster that nothing else happens to.
        term?.looksAtClock = uptime + .seconds(3600)
        guard let term, isClockTrusted() else { return count("looks while retention paused") }
        let zone = TestZones.zurich
        let isDone = stored.reviewedAt.map { $0 >= term.began && zone.local($0).day == zone.local(now).day }
        guard isDone != true else { return }
        for index in environments.indices {
            try review(index)
            checkLabels(index)
            try collect(index)
        }
        stored.reviewedAt = now
    }

    // MARK: reviews

    func review(_ index: Int) throws {
        guard isClockTrusted() else { return }
        for _ in 0..<3 {
            let review = look(index)
            for (id, labels) in review.relabelled { environments[index].edit(id) { $0.labels = labels } }
            if review.relabelled.isEmpty { return letGo(review, index) }
        }
        report(index, "labels never come to rest")
    }

    private func look(_ index: Int) -> RetentionReview {
        let scene = environments[index].scene(at: now, zone(of: index))
        months[months.count - 1].reviews += 1
        months[months.count - 1].looked += scene.backups.count
        return RetentionReview(scene)
    }

    private func letGo(_ review: RetentionReview, _ index: Int) {
        let going = review.going.compactMap { environments[index].backup($0.backup) }
        let holds = environments[index].holds(at: now)
        environments[index].naive.held = Set(holds.keys)
        let environment = environments[index]
        let expected =
            environment.isRemoved
            ? environments[index].naive.reviewDates(now.milliseconds)
            : environments[index].naive.review(now.milliseconds, zone(of: index), environment.policy)
        let found = Set(going.filter { $0.state == .complete }.map(\.id))
        if found != expected {
            let reasons = found.symmetricDifference(expected).sorted().map { id in
                let words = review.verdicts.first { $0.backup == id }?.reasons.map(\.description) ?? []
                let trigger = environment.backup(id)?.trigger.rawValue ?? ""
                return "\(found.contains(id) ? "goes" : "stays"): \(trigger) \(id), \(words.joined(separator: "; "))"
            }
            report(index, reasons.joined(separator: "\n"))
        }
        if let term, abs(offset) > .seconds(300), term.beganUp < jumpedAt, uptime - jumpedAt < .seconds(86_400),
            !going.isEmpty
        {
            report(index, "\(going.count) go although the clock jumped")
        }
        for backup in going {
            if backup.pinnedAt != nil { report(index, "\(backup.id) goes, which is pinned") }
            if backup.state == .complete, let hold = holds[backup.id] {
                report(index, "\(backup.id) goes, which \(hold.by) needs")
            }
            for service in backup.services
            where newest(of: service, environment)?.id == backup.id && backup.state == .complete {
                report(index, "\(backup.id) goes, the newest of \(service)")
            }
            if backup.state != .complete, !isOverdue(backup, environment) {
                report(index, "\(backup.id) goes too early")
            }
            delete(backup.id, index, "by rule: surplus")
            count("gone by rule")
        }
    }

    private func newest(of service: ServiceReference, _ environment: YearEnvironment) -> Backup? {
        environment.backups.filter { $0.state == .complete && $0.services.contains(service) }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// Of one that failed: whether even its record may go.
    private func isOverdue(_ backup: Backup, _ environment: YearEnvironment) -> Bool {
        guard let ended = backup.endedAt, backup.state == .failed || backup.state == .cancelled else { return false }
        return now.milliseconds - ended.milliseconds > Int64(environment.policy.failedDays) * 86_400_000
    }

    private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }

    func delete(_ id: BackupID, _ index: Int, _ reason: String) {
        let days = environments[index].policy.windowDays
        environments[index].edit(id) { $0.delete(at: steady, windowDays: days, reason: reason) }
        environments[index].deletions[id] = YearEnvironment.Deletion(
            at: uptime, days: days, isRight: term?.isRight ?? false)
    }

    /// Both models give each service's backups the same labels.
    private func checkLabels(_ index: Int) {
        let environment = environments[index]
        guard !environment.isRemoved else { return }
        for service in environment.services {
            var real: [RetentionLabel: [BackupID]] = [:]
            for backup in environment.backups where backup.state == .complete {
                if let label = backup.labels?.first(where: { $0.service == service })?.label {
                    real[label, default: []].append(backup.id)
                }
            }
            let lists = environment.naive.lists[service] ?? [[], [], [], []]
            for (label, list) in zip(RetentionLabel.allCases, lists)
            where real[label, default: []].sorted() != list.map(\.id).sorted() {
                report(
                    index,
                    "\(service) has other \(label.rawValue) backups: \(real[label, default: []].sorted()), not \(list.map(\.id).sorted())"
                )
            }
        }
    }

    // MARK: collection

    /// Removes for good what nobody can have back.
    private func collect(_ index: Int) throws {
        let holds = environments[index].holds(at: now)
        for backup in environments[index].backups
        where backup.removedAt == nil && backup.isDead(at: steady) && environments[index].works[backup.job] == nil {
            environments[index].edit(backup.id) { $0.removedAt = steady }
            guard backup.state == .deleted else { continue }
            if let hold = holds[backup.id] { report(index, "\(backup.id) is removed, which \(hold.by) needs") }
            if let deletion = environments[index].deletions[backup.id], deletion.isRight, term?.isRight == true,
                uptime - deletion.at < .seconds(deletion.days * 86_400)
            {
                report(index, "\(backup.id) is removed \(uptime - deletion.at) after it was deleted")
            }
        }
        let before = environments[index].backups.count
        environments[index].backups.removeAll { $0.state == .deleted && $0.removedAt != nil }
        count("removed for good", before - environments[index].backups.count)
        environments[index].downloads.removeAll { !$0.holds(at: now) }
        environments[index].needed.removeAll { $0.until <= now }
        let known = Set(environments[index].backups.map(\.id))
        environments[index].deletions = environments[index].deletions.filter { known.contains($0.key) }
        environments[index].naive.forgetMemories(but: known)
    }
}

import HoldfastModel

/// What people and applications do on one day with one environment. As commands, it all needs a coordinator that leads.
extension YearCluster {
    func people(_ index: Int) throws {
        guard term != nil else { return count("days without a coordinator") }
        requireRuns(index)
        if dice.chance(4) { try backUpOnDemand(index) }
        if dice.chance(1) { try restore(index) }
        var isChanged = false
        if dice.chance(2) { isChanged = pinOrUnpin(index) }
        if dice.chance(1) { isChanged = expire(index) || isChanged }
        if dice.chance(2) { isChanged = deleteByHand(index) || isChanged }
        if dice.chance(2) { isChanged = undelete(index) || isChanged }
        if dice.chance(2) { try download(index) }
        let isPaused = environments[index].schedule?.pausedAt != nil
        if dice.below(isPaused ? 8 : 400) == 0 { try pauseOrResume(index) }
        switch dice.below(2000) {
        case 0..<6: changeRules(index)
        case 6..<9: try changeSchedule(index)
        case 9..<17: environments[index].failsUntil = uptime + .seconds(86_400 * (1 + dice.below(12)))
        case 17: remove(index)
        default: break
        }
        // What people say of a backup is followed by a review.
        if isChanged { try review(index) }
    }

    private func complete(_ index: Int) -> [Backup] { environments[index].backups.filter { $0.state == .complete } }

    private func backUpOnDemand(_ index: Int) throws {
        guard !environments[index].isRemoved else { return }
        let all = environments[index].services
        let services = all.count > 1 && dice.chance(30) ? [all[dice.below(2)]] : all
        try startBackup(index, .onDemand, services)
        count("on demand")
    }

    /// The source is needed for some hours, and what the safety backup saves as long as it can be undone.
    private func restore(_ index: Int) throws {
        guard !environments[index].isRemoved, let source = dice.pick(complete(index)) else { return }
        let safety = try startBackup(index, .safety, source.services)
        environments[index].needed.append((source.id, now.advanced(by: .seconds(3600 * (1 + dice.below(30))))))
        environments[index].needed.append((safety.id, now.advanced(by: .seconds(86_400 * (1 + dice.below(40))))))
        count("restores")
    }

    private func pinOrUnpin(_ index: Int) -> Bool {
        guard let backup = dice.pick(complete(index)) else { return false }
        let instant = now
        environments[index].edit(backup.id) { $0.pinnedAt = $0.pinnedAt == nil ? instant : nil }
        if backup.pinnedAt == nil {
            environments[index].naive.pinned.insert(backup.id)
        } else {
            environments[index].naive.pinned.remove(backup.id)
        }
        count("pins changed")
        return true
    }

    private func expire(_ index: Int) -> Bool {
        guard let backup = dice.pick(complete(index)) else { return false }
        let date = backup.expiresAt == nil ? now.advanced(by: .seconds(3600 * (1 + dice.below(24 * 60)))) : nil
        environments[index].edit(backup.id) { $0.expiresAt = date }
        environments[index].naive.dated[backup.id] = date?.milliseconds
        count("dates given")
        return true
    }

    private func deleteByHand(_ index: Int) -> Bool {
        let holds = environments[index].holds(at: now)
        guard let backup = dice.pick(complete(index).filter { holds[$0.id] == nil }) else { return false }
        delete(backup.id, index, "by anna")
        environments[index].naive.forget(backup.id)
        count("deleted by hand")
        return true
    }

    /// Until ten minutes before its window ends, and not a moment longer.
    private func undelete(_ index: Int) -> Bool {
        guard let backup = dice.pick(environments[index].backups.filter { $0.state == .deleted }) else { return false }
        let instant = now
        let window = backup.removedAt == nil ? backup.removableAt : nil
        let mayBe = window.map { instant.milliseconds + 600_000 < $0.milliseconds } ?? false
        var back = backup
        let wentByRule = backup.deletionReason?.hasPrefix("by rule") ?? false
        do {
            try back.takeBack(at: instant)
        } catch {
            if mayBe { report(index, "\(backup.id) can't be taken back: \(error.message)") }
            return false
        }
        if !mayBe { report(index, "\(backup.id) is taken back after its window") }
        if wentByRule { back.pinnedAt = instant }
        environments[index].edit(backup.id) { $0 = back }
        guard back.state == .complete else { return true }
        environments[index].naive.recall(backup.id)
        if back.pinnedAt != nil { environments[index].naive.pinned.insert(backup.id) }
        count("taken back")
        return true
    }

    /// One that is ready, or one less.
    private func download(_ index: Int) throws {
        if let ready = environments[index].downloads.indices.last, dice.chance(30) {
            environments[index].downloads[ready].state = .revoked
            return
        }
        guard let backup = dice.pick(complete(index)) else { return }
        identifiers += 2
        var download = Download(
            id: try identifier(identifiers), project: backup.project, environment: backup.environment,
            backup: backup.id, job: try identifier(identifiers + 1), author: "anna", mail: nil, createdAt: now,
            validSeconds: 86_400, contents: [])
        (download.state, download.readyAt) = (.ready, now)
        download.expiresAt = now.advanced(by: .seconds(3600 * (1 + dice.below(24 * 14))))
        environments[index].downloads.append(download)
        count("downloads")
    }

    private func changeRules(_ index: Int) {
        var rules = RetentionRules()
        rules.hourly = dice.below(30)
        rules.daily = dice.below(12)
        rules.weekly = dice.below(7)
        rules.monthly = dice.below(14)
        rules.onDemandDays = dice.below(60)
        rules.onDemandCount = dice.below(5)
        rules.safetyDays = dice.below(60)
        rules.safetyCount = dice.below(3)
        rules.failedDays = dice.below(40)
        rules.windowDays = dice.below(15)
        environments[index].rules = rules
        count("rules changed")
    }

    private func changeSchedule(_ index: Int) throws {
        guard environments[index].schedule?.pausedAt == nil, !environments[index].isRemoved else { return }
        guard let pattern = dice.pick(Dues.Pattern.all), let zone = dice.pick(TestZones.all) else { return }
        requireRuns(index)
        try setSchedule(index, pattern, zone)
        count("schedules changed")
    }

    /// Its backups stay.
    private func remove(_ index: Int) {
        guard environments[index].works.isEmpty, !environments[index].isRemoved else { return }
        environments[index].isRemoved = true
        (environments[index].schedule, environments[index].account) = (nil, nil)
        count("environments removed")
    }
}

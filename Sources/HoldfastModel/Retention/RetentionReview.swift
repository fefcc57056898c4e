/// What is to be done about an environment's backups now, and why. Performing it changes nothing that a second review
/// would see otherwise.
package struct RetentionReview: Sendable {
    /// Labels of backups that get others than they have.
    package private(set) var relabelled: [BackupID: [PartLabel]] = [:]
    /// Of every backup, the newest first.
    package private(set) var verdicts: [RetentionVerdict] = []
    /// For each service its newest complete backup, which never goes by rule.
    package private(set) var newest: [ServiceReference: BackupID] = [:]

    let scene: RetentionScene
    package var policy: RetentionPolicy { scene.policy }
    private(set) var series: [ServiceReference: RetentionSeries] = [:]
    private let now: RetentionCalendar.Position
    /// What may be said of the parts by their age alone, for backups that bear no labels.
    private var aged: [BackupID: [ServiceReference: RetentionReason]] = [:]

    package init(_ scene: RetentionScene) {
        self.scene = scene
        now = scene.calendar.position(scene.now)
        // Ages are sorted and not backups, which are large; mostly they come in this order.
        let ages = scene.backups.map(\.age)
        let order = ages.indices.sorted { ages[$0] < ages[$1] }
        let complete = order.map { scene.backups[$0] }.filter { $0.state == .complete }
        for backup in complete {
            for service in backup.partServices { newest[service] = backup.id }
        }
        if scene.hasEnvironment { label(complete.filter(\.isRuled)) }
        weighAges(complete.filter(\.isRuled))
        verdicts = order.reversed().map { judge(scene.backups[$0]) }
        compareLabels(complete)
    }

    /// Those that go now, the oldest first.
    package var going: [RetentionVerdict] { verdicts.reversed().filter(\.goes) }

    // MARK: labels

    private mutating func label(_ backups: [Backup]) {
        let scheduled = backups.filter { $0.trigger == .scheduled }
        for backup in scheduled {
            for part in backup.labels ?? [] {
                guard let label = part.label else { continue }
                edit(part.service) {
                    $0.add(backup.id, createdAt: backup.createdAt, label: label, since: part.since)
                }
            }
        }
        for backup in scheduled {
            for service in backup.partServices where backup.labels?.contains(where: { $0.service == service }) != true {
                edit(service) { $0.arrive(backup.id, createdAt: backup.createdAt, label: backup.firstLabel ?? .daily) }
            }
        }
    }

    private mutating func edit(_ service: ServiceReference, _ body: (inout RetentionSeries) -> Void) {
        body(&series[service, default: RetentionSeries(policy: scene.policy, calendar: scene.calendar)])
    }

    /// A part that may go while another keeps the backup is no longer counted among its label's. What goes gets its new
    /// label as well: labels are written first, and with its old one it might stay.
    private mutating func compareLabels(_ backups: [Backup]) {
        let going = Set(verdicts.filter(\.goes).map(\.backup))
        let surplus = series.mapValues { series in Set(series.surplus(at: now).map(\.backup)) }
        for backup in backups where backup.trigger == .scheduled && scene.hasEnvironment && backup.isRuled {
            let labels: [PartLabel] = backup.partServices.compactMap { service in
                let old = backup.labels?.first { $0.service == service }
                guard let member = series[service]?.members.first(where: { $0.backup == backup.id }) else { return old }
                if surplus[service]?.contains(backup.id) == true, !going.contains(backup.id),
                    newest[service] != backup.id, scene.holds[backup.id] == nil
                {
                    return PartLabel(service: service, label: nil, since: scene.now)
                }
                return PartLabel(service: service, label: member.label, since: member.since)
            }
            if labels != backup.labels ?? [] { relabelled[backup.id] = labels }
        }
    }

    // MARK: ages

    private mutating func weighAges(_ backups: [Backup]) {
        let kinds: [(Set<Backup.Trigger>, Int, Int)] = [
            ([.onDemand, .upload], scene.policy.onDemandDays, scene.policy.onDemandCount),
            ([.safety], scene.policy.safetyDays, scene.policy.safetyCount),
        ]
        for (triggers, days, count) in kinds {
            var old: [ServiceReference: Int] = [:]
            for backup in backups.reversed() where triggers.contains(backup.trigger) {
                let end = backup.createdAt.advanced(by: .seconds(days * 86_400))
                for service in backup.partServices {
                    aged[backup.id, default: [:]][service] =
                        if end >= scene.now {
                            RetentionReason(.age, [service], until: end)
                        } else {
                            Self.old(service, &old[service, default: 0], count)
                        }
                }
            }
        }
    }

    private static func old(_ service: ServiceReference, _ place: inout Int, _ count: Int) -> RetentionReason {
        place += 1
        return place <= count
            ? RetentionReason(.count, [service], place: place, of: count) : RetentionReason(.surplus, [service])
    }

    // MARK: verdicts

    private func judge(_ backup: Backup) -> RetentionVerdict {
        switch backup.state {
        case .running: return RetentionVerdict(backup: backup.id, goes: false, reasons: [RetentionReason(.running)])
        case .deleted:
            let until = backup.removableAt ?? backup.deletedAt
            var verdict = RetentionVerdict(
                backup: backup.id, goes: false, reasons: [RetentionReason(.deleted, until: until)])
            verdict.goesAt = until
            return verdict
        case .failed, .cancelled: return judgeFailed(backup)
        case .complete: break
        }
        var kept: [RetentionReason] = []
        if backup.pinnedAt != nil { kept.append(RetentionReason(.pinned)) }
        if let hold = scene.holds[backup.id] {
            kept.append(RetentionReason(.held, until: hold.until, detail: hold.by))
        }
        let latest = backup.partServices.filter { newest[$0] == backup.id }
        if !latest.isEmpty {
            kept.append(RetentionReason(.newest, latest.count == backup.partServices.count ? [] : latest))
        }
        let words = rules(of: backup)
        let goes = kept.isEmpty && words.allSatisfy(\.letsGo)
        let reasons = goes ? words : kept + words.filter { !$0.letsGo }
        return RetentionVerdict(backup: backup.id, goes: goes, reasons: reasons)
    }

    /// What the rules say of a complete backup, leaving aside what keeps it whatever they say.
    private func rules(of backup: Backup) -> [RetentionReason] {
        if backup.pinnedAt != nil { return [] }
        if let expiry = backup.expiresAt {
            return [RetentionReason(expiry > scene.now ? .expiry : .surplus, until: expiry)]
        }
        guard scene.hasEnvironment else { return [RetentionReason(.environmentRemoved)] }
        let reasons =
            backup.trigger == .scheduled
            ? labels(of: backup) : backup.partServices.compactMap { aged[backup.id]?[$0] }
        return Self.merged(reasons, of: backup.partServices.count)
    }

    private func labels(of backup: Backup) -> [RetentionReason] {
        backup.partServices.map { service in
            guard let series = series[service],
                let member = series.members.first(where: { $0.backup == backup.id })
            else { return RetentionReason(.surplus, [service]) }
            let count = scene.policy.count(of: member.label)
            let rank = series.place(of: member).rank
            if rank >= count, scene.calendar.position(member.createdAt).isPast(count, member.label, at: now) {
                return RetentionReason(.surplus, [service], label: member.label)
            }
            return RetentionReason(.label, [service], label: member.label, place: rank + 1, of: count)
        }
    }

    private func judgeFailed(_ backup: Backup) -> RetentionVerdict {
        let end = (backup.endedAt ?? backup.createdAt).advanced(by: .seconds(scene.policy.failedDays * 86_400))
        let goes = end < scene.now && scene.hasEnvironment
        var verdict = RetentionVerdict(
            backup: backup.id, goes: goes, reasons: [RetentionReason(.failed, until: end)])
        verdict.goesAt = scene.hasEnvironment ? max(end, scene.now) : nil
        return verdict
    }

    /// The same said of several services is said once, and of all of them of the backup.
    private static func merged(_ reasons: [RetentionReason], of count: Int) -> [RetentionReason] {
        var result: [RetentionReason] = []
        for reason in reasons {
            let index = result.firstIndex { other in
                var other = other
                other.services = reason.services
                return other == reason
            }
            if let index { result[index].services += reason.services } else { result.append(reason) }
        }
        return result.map { reason in
            var reason = reason
            if reason.services.count == count { reason.services = [] }
            return reason
        }
    }

    mutating func foresee(_ backup: BackupID, goesAt: Timestamp?, staysUntil: Timestamp?) {
        guard let index = verdicts.firstIndex(where: { $0.backup == backup }) else { return }
        (verdicts[index].goesAt, verdicts[index].staysUntil) = (goesAt, staysUntil)
    }
}

extension RetentionReason {
    var letsGo: Bool { kind == .surplus }
}

extension Backup {
    /// By age, and by identifier where they were made in the same millisecond.
    struct Age: Comparable {
        let createdAt: Timestamp
        let id: BackupID

        static func < (left: Self, right: Self) -> Bool { (left.createdAt, left.id) < (right.createdAt, right.id) }
    }

    var age: Age { Age(createdAt: createdAt, id: id) }

    /// Whether rules decide about it, rather than a person.
    var isRuled: Bool { pinnedAt == nil && expiresAt == nil }

    var partServices: [ServiceReference] { parts.isEmpty ? services : parts.map(\.service) }
}

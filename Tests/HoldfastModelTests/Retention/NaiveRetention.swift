import HoldfastModel

/// The rules of docs/retention.md written down a second time, as lists that backups are moved between: what the tests hold
/// the real ones against. Nothing of it is shared with them but the values that go in.
struct NaiveRetention {
    struct Entry {
        let id: BackupID
        let at: Int64
        var movedAt: Int64
    }

    /// Of one service: hourly, daily, weekly and monthly ones, each list the oldest first.
    private(set) var lists: [ServiceReference: [[Entry]]] = [:]
    /// Of one service: on-demand and uploaded ones, and safety ones, the oldest first.
    private(set) var plain: [ServiceReference: [[Entry]]] = [:]
    /// Which services keep a backup, for those that are still there.
    private(set) var present: [BackupID: Set<ServiceReference>] = [:]
    private var order: [(id: BackupID, at: Int64, services: [ServiceReference])] = []
    var pinned: Set<BackupID> = []
    /// What a person gave a date, and what something needs at present.
    var dated: [BackupID: Int64] = [:]
    var held: Set<BackupID> = []
    /// What is pinned or has a date takes no place; as of the last review.
    private var aside: Set<BackupID> = []
    private var released: [BackupID: Set<ServiceReference>] = [:]
    private var memories: [BackupID: Memory] = [:]
    private var pending: [(id: BackupID, at: Int64, services: [ServiceReference], label: Int)] = []

    mutating func made(_ id: BackupID, _ at: Int64, _ services: [ServiceReference], label: Int?, isSafety: Bool) {
        present[id] = Set(services)
        arrange((id, at, services))
        if let label {
            pending.append((id, at, services, label))
            pending.sort { ($0.at, $0.id) < ($1.at, $1.id) }
        } else {
            for service in services { add(Entry(id: id, at: at, movedAt: at), service, isSafety ? 1 : 0) }
        }
    }

    private mutating func arrange(_ new: (id: BackupID, at: Int64, services: [ServiceReference])) {
        order.append(new)
        order.sort { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    private mutating func add(_ entry: Entry, _ service: ServiceReference, _ kind: Int) {
        plain[service, default: [[], []]][kind].append(entry)
        plain[service]?[kind].sort { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    /// Returns what goes.
    mutating func review(_ now: Int64, _ zone: ZoneRules, _ policy: RetentionPolicy) -> Set<BackupID> {
        let limits = [policy.hourly, policy.daily, policy.weekly, policy.monthly]
        aside = pinned.union(dated.keys)
        for new in pending where !aside.contains(new.id) {
            for service in new.services { admit(new.id, new.at, service, new.label, zone, limits) }
        }
        pending.removeAll { !aside.contains($0.id) }
        var letGo: [BackupID: Set<ServiceReference>] = released
        for (service, tiers) in lists {
            for (label, tier) in tiers.enumerated() {
                let counted = tier.filter { !aside.contains($0.id) }
                for entry in counted.dropLast(limits[label])
                where Self.isOver(entry.at, now, limits[label], label, zone) {
                    letGo[entry.id, default: []].insert(service)
                }
            }
        }
        for (service, kinds) in plain {
            for (kind, entries) in kinds.enumerated() {
                let (days, count) =
                    kind == 0
                    ? (policy.onDemandDays, policy.onDemandCount) : (policy.safetyDays, policy.safetyCount)
                let old = entries.filter { !aside.contains($0.id) && $0.at + Int64(days) * 86_400_000 < now }
                for entry in old.dropLast(count) { letGo[entry.id, default: []].insert(service) }
            }
        }
        let latest = latest
        let untouchable = Set(latest.values).union(pinned).union(held)
        var gone = overdue(now)
        for (id, services) in letGo where !aside.contains(id) {
            guard let all = present[id] else { continue }
            if services == all, !untouchable.contains(id) {
                gone.insert(id)
            } else if !held.contains(id) {
                // Its place is another's, although it stays.
                let freed = services.filter { latest[$0] != id && lists[$0] != nil }
                for service in freed where isLabelled(id, service) {
                    released[id, default: []].insert(service)
                    drop(id, service)
                }
            }
        }
        for id in gone { forget(id) }
        return gone
    }

    /// Where the environment was removed: no rule goes on, only what has a date goes.
    mutating func reviewDates(_ now: Int64) -> Set<BackupID> {
        let gone = overdue(now)
        for id in gone { forget(id) }
        return gone
    }

    private func overdue(_ now: Int64) -> Set<BackupID> {
        let untouchable = Set(latest.values).union(pinned).union(held)
        return Set(dated.filter { $0.value <= now && present[$0.key] != nil && !untouchable.contains($0.key) }.keys)
    }

    private var latest: [ServiceReference: BackupID] {
        var latest: [ServiceReference: BackupID] = [:]
        for made in order where present[made.id] != nil {
            for service in made.services { latest[service] = made.id }
        }
        return latest
    }

    mutating func forget(_ id: BackupID) {
        guard let all = present.removeValue(forKey: id), let made = order.first(where: { $0.id == id }) else { return }
        var memory = Memory(
            id: id, at: made.at, services: made.services, present: all, released: released.removeValue(forKey: id),
            label: pending.first { $0.id == id }?.label)
        order.removeAll { $0.id == id }
        pending.removeAll { $0.id == id }
        for service in Array(lists.keys) {
            for (label, tier) in (lists[service] ?? []).enumerated() {
                if let entry = tier.first(where: { $0.id == id }) { memory.labelled.append((service, label, entry)) }
            }
            drop(id, service)
        }
        for service in Array(plain.keys) {
            for kind in 0...1 {
                let found = plain[service]?[kind].first { $0.id == id }
                if let found { memory.plain.append((service, kind, found)) }
                plain[service]?[kind].removeAll { $0.id == id }
            }
        }
        memories[id] = memory
    }

    /// What went and is taken back.
    private struct Memory {
        var id: BackupID
        var at: Int64
        var services: [ServiceReference]
        var present: Set<ServiceReference>
        var released: Set<ServiceReference>?
        /// Where it had not been reviewed yet.
        var label: Int?
        var labelled: [(ServiceReference, Int, Entry)] = []
        var plain: [(ServiceReference, Int, Entry)] = []
    }

    /// What was deleted is taken back.
    mutating func recall(_ id: BackupID) {
        guard let memory = memories.removeValue(forKey: id) else { return }
        present[memory.id] = memory.present
        released[memory.id] = memory.released
        arrange((memory.id, memory.at, memory.services))
        if let label = memory.label {
            pending.append((memory.id, memory.at, memory.services, label))
            pending.sort { ($0.at, $0.id) < ($1.at, $1.id) }
        }
        for (service, label, entry) in memory.labelled {
            lists[service, default: [[], [], [], []]][label].append(entry)
            lists[service]?[label].sort { ($0.at, $0.id) < ($1.at, $1.id) }
        }
        for (service, kind, entry) in memory.plain { add(entry, service, kind) }
    }

    /// Of what can't be taken back any more nothing has to be remembered.
    mutating func forgetMemories(but known: Set<BackupID>) {
        memories = memories.filter { known.contains($0.key) }
        dated = dated.filter { known.contains($0.key) }
        pinned.formIntersection(known)
    }

    private func isLabelled(_ id: BackupID, _ service: ServiceReference) -> Bool {
        lists[service]?.contains { $0.contains { $0.id == id } } ?? false
    }

    private mutating func drop(_ id: BackupID, _ service: ServiceReference) {
        for label in 0..<4 { lists[service]?[label].removeAll { $0.id == id } }
    }

    private mutating func admit(
        _ id: BackupID, _ at: Int64, _ service: ServiceReference, _ label: Int, _ zone: ZoneRules, _ limits: [Int]
    ) {
        var tiers = lists[service] ?? [[], [], [], []]
        let standing = tiers.map { $0.filter { aside.contains($0.id) } }
        tiers = tiers.map { $0.filter { !aside.contains($0.id) } }
        for lower in 0..<label {
            tiers[label] += tiers[lower].map { Entry(id: $0.id, at: $0.at, movedAt: at) }
            tiers[lower] = []
        }
        tiers[label].append(Entry(id: id, at: at, movedAt: at))
        tiers[label].sort { ($0.at, $0.id) < ($1.at, $1.id) }
        var below = label
        for upper in 1..<4 where upper > label && limits[upper] > 0 {
            let isFirst = !tiers[upper].contains {
                Self.period($0.movedAt, upper, zone) == Self.period(at, upper, zone)
            }
            guard isFirst, tiers[below].count >= 2 else { break }
            var moving = tiers[below].removeFirst()
            moving.movedAt = at
            tiers[upper].append(moving)
            tiers[upper].sort { ($0.at, $0.id) < ($1.at, $1.id) }
            below = upper
        }
        lists[service] = zip(tiers, standing).map { ($0 + $1).sorted { ($0.at, $0.id) < ($1.at, $1.id) } }
    }

    // MARK: a calendar of its own

    private static func isOver(_ at: Int64, _ now: Int64, _ limit: Int, _ label: Int, _ zone: ZoneRules) -> Bool {
        let (then, today) = (day(at, zone), day(now, zone))
        switch label {
        case 0: return now / 3_600_000 - at / 3_600_000 >= Int64(limit)
        case 1: return today - then >= limit
        case 2: return today - then >= 7 * limit
        default:
            let (a, b) = (date(then), date(today))
            var (year, month) = (a.year, a.month + limit)
            while month > 12 { (year, month) = (year + 1, month - 12) }
            return (b.year, b.month, b.day) >= (year, month, a.day)
        }
    }

    private static func period(_ at: Int64, _ label: Int, _ zone: ZoneRules) -> Int {
        let day = day(at, zone)
        switch label {
        case 1: return day
        case 2:
            // Back to the Monday: 1970 began on a Thursday.
            var monday = day
            while (monday + 3) % 7 != 0 { monday -= 1 }
            return monday
        default: return date(day).year * 100 + date(day).month
        }
    }

    private static func day(_ at: Int64, _ zone: ZoneRules) -> Int {
        Int((at / 1000 + Int64(zone.offsetSeconds(Timestamp(milliseconds: at)))) / 86_400)
    }

    private static func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
        var (year, rest) = (1970, day)
        func isLeap(_ year: Int) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month = 1
        for length in [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
            if rest < length { break }
            rest -= length
            month += 1
        }
        return (year, month, rest + 1)
    }
}

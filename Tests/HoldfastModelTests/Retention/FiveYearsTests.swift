import HoldfastModel
import Testing

@Suite struct FiveYearsTests {
    private static let labels: [RetentionLabel] = [.hourly, .daily, .weekly, .monthly]

    /// Five years of days with failures, whole weeks without a backup, backups of one service only, on-demand and safety
    /// backups, pins, changes of the schedule, the time zone and the policy: after each event both models have the same.
    @Test(arguments: 1...2)
    func asAnIndependentModelSays(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var world = try RetentionWorld()
        var naive = NaiveRetention()
        var label = RetentionLabel.daily
        var lostUntil = 0
        for day in 0..<1826 {
            if dice.chance(1) { lostUntil = day + Int.random(in: 1...12, using: &dice) }
            if day % 211 == 100 { world.policy = policy(&dice) }
            if day % 307 == 150 { world.zone = TestZones.all[Int.random(in: 0..<TestZones.all.count, using: &dice)] }
            if day % 401 == 200 { label = Self.labels.randomElement(using: &dice) ?? .daily }
            for _ in 0..<(label == .hourly ? 3 : 1) {
                if label == .weekly, day % 7 != 0 { continue }
                if label == .monthly, day % 30 != 0 { continue }
                if day >= lostUntil, !dice.chance(8) {
                    let services =
                        dice.chance(10) ? [RetentionWorld.both[dice.chance(50) ? 0 : 1]] : RetentionWorld.both
                    try make(services, .scheduled, label, &world, &naive)
                } else if dice.chance(50) {
                    try world.back(up: RetentionWorld.both, state: .failed)
                }
                check(&world, &naive, "seed \(seed), day \(day)")
                world.advance(hours: 1)
            }
            if dice.chance(6) { try make(RetentionWorld.both, .onDemand, nil, &world, &naive) }
            if dice.chance(2) { try make([RetentionWorld.both[0]], .safety, nil, &world, &naive) }
            if dice.chance(3) { pin(&dice, &world, &naive) }
            if dice.chance(1) { deleteByHand(&dice, &world, &naive) }
            world.advance(hours: label == .hourly ? 21 : 23)
            check(&world, &naive, "seed \(seed), end of day \(day)")
        }
    }

    private func make(
        _ services: [ServiceReference], _ trigger: Backup.Trigger, _ label: RetentionLabel?,
        _ world: inout RetentionWorld, _ naive: inout NaiveRetention
    ) throws {
        let id = try world.back(up: services, trigger, label: label)
        let number = trigger == .scheduled ? label.flatMap(Self.labels.firstIndex) : nil
        naive.made(id, world.now.milliseconds, services, label: number, isSafety: trigger == .safety)
    }

    private func check(_ world: inout RetentionWorld, _ naive: inout NaiveRetention, _ what: String) {
        let before = (world.counts(), world.backups)
        let gone = Set(world.review().filter { id in before.1.contains { $0.id == id && $0.state == .complete } })
        let expected = naive.review(world.now.milliseconds, world.zone, world.policy)
        #expect(gone == expected, "\(what): \(gone.symmetricDifference(expected).sorted())")
        for service in RetentionWorld.both {
            let lists = naive.lists[service] ?? [[], [], [], []]
            for (label, list) in zip(Self.labels, lists) {
                let found = world.backups.filter { backup in
                    backup.labels?.contains { $0.service == service && $0.label == label } ?? false
                }
                #expect(found.map(\.id).sorted() == list.map(\.id).sorted(), "\(what): \(service) \(label)")
            }
        }
        invariants(world, before.1, what)
    }

    /// What must hold whatever the rules are.
    private func invariants(_ world: RetentionWorld, _ before: [Backup], _ what: String) {
        for service in RetentionWorld.both {
            let newest = before.last { $0.state == .complete && $0.parts.contains { $0.service == service } }
            #expect(newest == nil || world.backups.contains { $0.id == newest?.id }, "\(what): the newest went")
        }
        for backup in before where backup.pinnedAt != nil {
            #expect(world.backups.contains { $0.id == backup.id }, "\(what): a pinned one went")
        }
    }

    private func policy(_ dice: inout Dice) -> RetentionPolicy {
        var policy = RetentionPolicy()
        policy.hourly = Int.random(in: 0...30, using: &dice)
        policy.daily = Int.random(in: 0...10, using: &dice)
        policy.weekly = Int.random(in: 0...6, using: &dice)
        policy.monthly = Int.random(in: 0...14, using: &dice)
        policy.onDemandDays = Int.random(in: 0...60, using: &dice)
        policy.onDemandCount = Int.random(in: 0...5, using: &dice)
        policy.safetyDays = Int.random(in: 0...60, using: &dice)
        policy.safetyCount = Int.random(in: 0...2, using: &dice)
        return policy
    }

    private func pin(_ dice: inout Dice, _ world: inout RetentionWorld, _ naive: inout NaiveRetention) {
        guard let backup = world.backups.filter({ $0.state == .complete }).randomElement(using: &dice) else { return }
        let now = world.now
        world.edit(backup.id) { $0.pinnedAt = $0.pinnedAt == nil ? now : nil }
        if backup.pinnedAt == nil { naive.pinned.insert(backup.id) } else { naive.pinned.remove(backup.id) }
    }

    private func deleteByHand(_ dice: inout Dice, _ world: inout RetentionWorld, _ naive: inout NaiveRetention) {
        let candidates = world.backups.filter { $0.state == .complete && $0.pinnedAt == nil }
        guard let backup = candidates.randomElement(using: &dice) else { return }
        world.backups.removeAll { $0.id == backup.id }
        naive.forget(backup.id)
    }

    /// Whatever day it begins on: after a year there are twelve, four and seven, and on each day after it.
    @Test(arguments: [0, 14, 100])
    func afterAYearThereAreTwelveFourAndSeven(_ shift: Int) throws {
        var world = try RetentionWorld(now: time("2027-01-01T01:30:00Z").advanced(by: .seconds(shift * 86_400)))
        for day in 0..<600 {
            try world.back()
            world.review()
            if day >= 366 {
                #expect(world.counts() == [.monthly: 12, .weekly: 4, .daily: 7], "day \(day) from \(shift)")
            }
            world.advance(days: 1)
        }
    }

    /// Four times a day, which is labelled as hourly ones are.
    @Test func anHourlyScheduleHasADayOfHoursBesides() throws {
        var world = try RetentionWorld()
        for run in 0..<4 * 380 {
            try world.back(label: .hourly)
            world.review()
            if run > 4 * 367 {
                #expect(world.counts() == [.monthly: 12, .weekly: 4, .daily: 7, .hourly: 24], "run \(run)")
            }
            world.advance(hours: 6)
        }
    }

    @Test func aSecondReviewFindsNothing() throws {
        var world = try RetentionWorld()
        for day in 0..<200 {
            try world.back(up: day % 10 == 3 ? [RetentionWorld.both[0]] : RetentionWorld.both)
            world.review()
            let second = RetentionReview(world.scene)
            #expect(second.relabelled.isEmpty && second.going.isEmpty, "day \(day)")
            world.advance(days: day % 7 == 0 ? 3 : 1)
        }
    }
}

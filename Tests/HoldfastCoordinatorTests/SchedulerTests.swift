import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct SchedulerTests {
    private func schedule(_ cluster: Cluster) async throws -> Schedule {
        try #require(try await cluster.catalog.get(Schedule.self, cluster.live)).value
    }

    private func scheduled(_ cluster: Cluster) async throws -> [Backup] {
        try await cluster.catalog.all(Backup.self, scope: "\(cluster.live)").map(\.value)
    }

    /// Moves on to the next run of `shop/live`, or to so long after it.
    private func reachRun(_ cluster: Cluster, late: Duration = .seconds(5)) async throws {
        let next = try #require(try await schedule(cluster).next)
        cluster.time.advance(by: cluster.time.now.duration(to: next.startsAt) + late)
    }

    private func settle(_ cluster: Cluster) async throws {
        try await cluster.until("no job at work") { try await !cluster.jobs().contains { $0.machine.isAtWork } }
    }

    @Test func anEnvironmentIsBackedUpDailyUnlessToldOtherwise() async throws {
        let cluster = try await Cluster()
        let schedule = try await schedule(cluster)
        #expect(schedule.timing == .preset(.daily) && schedule.zone == "UTC")
        let next = try #require(schedule.next)
        #expect(next.dueAt == Timestamp("2026-11-23T02:00:00Z"))
        #expect(next.startsAt >= next.dueAt && next.startsAt < next.dueAt.advanced(by: .seconds(3600)))
        try await cluster.lead { coordinator in
            let other = try EnvironmentReference("shop/other")
            try await cluster.perform(
                coordinator, .environmentCreate(EnvironmentCreate(environment: other, schedule: nil)))
            #expect(try await cluster.catalog.get(Schedule.self, other) == nil)
        }
    }

    @Test func schedulesThatNameNoZoneGoByTheClusters() async throws {
        let cluster = try await Cluster()
        try await cluster.lead(configure: { $0.timeZone = "Europe/Zurich" }) { coordinator in
            let other = try EnvironmentReference("shop/other")
            try await cluster.perform(
                coordinator, .environmentCreate(EnvironmentCreate(environment: other, schedule: .daily)))
            let schedule = try #require(try await cluster.catalog.get(Schedule.self, other)).value
            #expect(schedule.zone == "Europe/Zurich")
            #expect(schedule.next?.dueAt == Timestamp("2026-11-23T01:00:00Z"))
            // What was made before keeps the zone it was made with.
            #expect(try await self.schedule(cluster).zone == "UTC")
        }
    }

    /// A clock that is wrong for a while must not leave the next run where it put it.
    @Test func aClockThatIsSetBackKeepsNoRunWaiting() async throws {
        let cluster = try await Cluster()
        try await cluster.lead(configure: { $0.schedulePause = .seconds(10) }) {
            (coordinator: Coordinator) async throws in
            cluster.time.jump(by: .seconds(40 * 86_400))
            try await cluster.until("made up for") { try await !scheduled(cluster).isEmpty }
            try await settle(cluster)
            let far = try #require(try await schedule(cluster).next)
            cluster.time.jump(by: .seconds(-40 * 86_400))
            try await cluster.until("planned anew") { try await schedule(cluster).next != far }
            #expect(try await schedule(cluster).next?.dueAt == Timestamp("2026-11-23T02:00:00Z"))
        }
    }

    @Test func whatIsDueIsBackedUpOnce() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await coordinator.scheduler.startDue()
            #expect(try await scheduled(cluster).isEmpty)
            let due = try #require(try await schedule(cluster).next)
            try await reachRun(cluster)
            try await coordinator.scheduler.startDue()
            try await coordinator.scheduler.startDue(all: true)
            try await settle(cluster)
            let backups = try await scheduled(cluster)
            #expect(backups.map(\.state) == [.complete] && backups.map(\.trigger) == [.scheduled])
            #expect(backups.first?.firstLabel == .daily && backups.first?.services.count == 2)
            let after = try await schedule(cluster)
            #expect(after.last?.backup == backups.first?.id && after.last?.dueAt == due.dueAt)
            #expect(after.missed == nil)
            #expect(after.next?.dueAt == due.dueAt.advanced(by: .seconds(86_400)))
            // Retention looks at it once it is complete.
            try await cluster.until("labelled") { try await scheduled(cluster).first?.labels?.count == 2 }
            #expect(try await scheduled(cluster).first?.labels?.map(\.label) == [.daily, .daily])
        }
    }

    /// Whether the transaction happened and nobody heard, or did not: the backup is made, and made once.
    @Test(arguments: [true, false])
    func aWriteThatFailsNeitherLosesNorRepeatsARun(_ happened: Bool) async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await reachRun(cluster)
            let error = HoldfastError(.inputOutput, "the disk")
            cluster.catalog.inject(happened ? .after(error) : .before(error))
            try await coordinator.scheduler.startDue()
            try await settle(cluster)
            #expect(try await scheduled(cluster).count == (happened ? 1 : 0))
            try await coordinator.scheduler.startDue()
            try await settle(cluster)
            try await coordinator.scheduler.startDue()
            #expect(try await scheduled(cluster).map(\.state) == [.complete])
        }
    }

    @Test func aCoordinatorThatDiesAfterItBeganIsSucceeded() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await reachRun(cluster)
            try await coordinator.scheduler.startDue()
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
        }
        #expect(try await scheduled(cluster).map(\.state) == [.running])
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await coordinator.scheduler.startDue(all: true)
            try await settle(cluster)
        }
        #expect(try await scheduled(cluster).map(\.state) == [.complete])
    }

    @Test func whatWasMissedIsMadeUpForOnceAndTold() async throws {
        let cluster = try await Cluster()
        try await reachRun(cluster, late: .seconds(4 * 86_400 + 7200))
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await coordinator.scheduler.startDue()
            try await settle(cluster)
            try await coordinator.scheduler.startDue()
            try await settle(cluster)
            #expect(try await scheduled(cluster).count == 1)
            guard case .environment(let detail) = try await cluster.perform(coordinator, .environmentShow(cluster.live))
            else { throw HoldfastError(.internal, "no environment") }
            #expect(detail.schedule?.missed?.count == 5)
            #expect(detail.schedule?.last?.state == .complete)
            let job = try #require(try await scheduled(cluster).first?.job)
            guard case .job(let shown) = try await cluster.perform(coordinator, .jobShow(job)) else {
                throw HoldfastError(.internal, "no job")
            }
            #expect(shown.journal.first?.text.contains("after 5 missed") == true, "\(shown.journal)")
        }
    }

    @Test func aDeposedCoordinatorStartsNothing() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await reachRun(cluster)
            let before = try await schedule(cluster)
            _ = try await cluster.catalog.takeOffice(above: coordinator.office.ledger.epoch)
            try await coordinator.scheduler.startDue()
            #expect(try await schedule(cluster) == before)
            #expect(try await scheduled(cluster).isEmpty)
        }
    }

    @Test func backupsDoNotPileUp() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await reachRun(cluster)
            try await coordinator.scheduler.startDue()
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            try await reachRun(cluster)
            try await coordinator.scheduler.startDue()
            #expect(try await scheduled(cluster).count == 1)
            #expect(try await schedule(cluster).skipped?.reason.contains("still at work") == true)
            await cluster.nodes.release()
            try await settle(cluster)
            try await reachRun(cluster)
            try await coordinator.scheduler.startDue()
            try await settle(cluster)
            #expect(try await scheduled(cluster).count == 2)
        }
    }

    @Test func commands() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let cron = ScheduleTiming.cron(try CronExpression("15 3 * * *"))
            let set = ScheduleSet(
                environment: cluster.live, timing: cron, zone: "Europe/Zurich", services: [.kind(.media)],
                jitterSeconds: 0)
            guard case .schedule(let detail) = try await cluster.perform(coordinator, .scheduleSet(set)) else {
                throw HoldfastError(.internal, "no schedule")
            }
            #expect(detail.nextRuns.first?.startsAt == Timestamp("2026-11-23T02:15:00Z") && detail.kinds == [.media])
            // Paused for three days: nothing was missed.
            try await cluster.perform(coordinator, .schedulePause(cluster.live))
            cluster.time.advance(by: .seconds(3 * 86_400))
            try await coordinator.scheduler.startDue(all: true)
            try await cluster.perform(coordinator, .scheduleResume(cluster.live))
            try await coordinator.scheduler.startDue(all: true)
            #expect(try await scheduled(cluster).isEmpty)
            #expect(try await schedule(cluster).next?.startsAt == Timestamp("2026-11-26T02:15:00Z"))
            try await reachRun(cluster)
            try await coordinator.scheduler.startDue()
            try await settle(cluster)
            #expect(try await scheduled(cluster).map(\.services) == [[ServiceReference(.media)]])
            for wrong in [
                ScheduleSet(environment: cluster.live, timing: cron, zone: "Mars/Olympus"),
                ScheduleSet(environment: cluster.live, timing: cron, jitterSeconds: 100_000),
                ScheduleSet(
                    environment: cluster.live, timing: cron, services: [.service(try ServiceReference("media:x"))]),
            ] {
                await #expect(throws: HoldfastError.self) {
                    try await cluster.perform(coordinator, .scheduleSet(wrong))
                }
            }
            try await cluster.perform(coordinator, .environmentRemove(cluster.live))
            #expect(try await cluster.catalog.get(Schedule.self, cluster.live) == nil)
            #expect(try await scheduled(cluster).count == 1)
        }
    }

    @Test func theSystemKnowsItsZones() throws {
        let zurich = try #require(ZoneRules.system("Europe/Zurich"))
        #expect(zurich.offsetSeconds(Timestamp(milliseconds: 1_795_381_200_000)) == 3600)
        #expect(zurich.offsetSeconds(Timestamp(milliseconds: 1_782_000_000_000)) == 7200)
        for unknown in ["", "Mars/Olympus", "GMT+5", "EST5EDT", "../etc/passwd", "Europe/Zurich\n"] {
            #expect(ZoneRules.system(unknown) == nil, "\(unknown)")
        }
    }
}

import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastWire
import Testing

@testable import HoldfastCoordinator

@Suite(.timeLimit(.minutes(5))) struct BackupTests {
    /// Also when the coordinator dies before it is taken.
    @Test func aFullReadKnowsNoPreviousBackup() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await cluster.backUp(coordinator, cluster.live)
            _ = try await cluster.backUp(coordinator, cluster.live)
            #expect(await cluster.nodes.previous.count == 2)
        }
        let death = HoldfastError(.deposed, "The process died here")
        cluster.catalog.inject(.after(death), afterCommits: 0)
        let create = BackupCreate(environment: cluster.live, fullRead: true)
        _ = try? await cluster.lead { try await cluster.perform($0, .backupCreate(create)) }
        #expect(await cluster.nodes.captures.count == 2)
        try await cluster.lead { _ in
            try await cluster.until("no job at work") { try await !cluster.jobs().contains { $0.machine.isAtWork } }
        }
        #expect(await cluster.nodes.captures.map(\.previous.count) == [0, 2, 0])
    }

    @Test func aBackupIsCompleteWithItsReceiptAndItsJobEnded() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let events = Events()
            let create = BackupCreate(environment: cluster.live, note: "before the sale")
            let result = try await cluster.perform(coordinator, .backupCreate(create), events: events)
            guard case .backup(let detail) = result else { throw HoldfastError(.internal, "no backup") }
            #expect(detail.backup.state == .complete)
            #expect(detail.backup.receipt?.objects == 4)
            #expect(detail.backup.parts.count == 2)
            #expect(detail.backup.note == "before the sale")
            #expect(detail.nodeNames.values.map(\.text) == ["one"])
            #expect(try await cluster.job(detail.backup.job).status == .succeeded)
            #expect(events.steps == ["capture", "record"])
            guard case .accepted(let accepted)? = events.all.first else {
                Issue.record("\(events.all)")
                return
            }
            #expect(accepted.backup == detail.backup.id)
            #expect(events.all.contains(.progress(Progress(step: "capture-services", bytes: 1))))
            // The second one is told what the first one had.
            let second = try await cluster.backUp(coordinator, cluster.live)
            #expect(await cluster.nodes.previous.map(\.manifest) == detail.backup.parts.map(\.manifest))
            #expect(second.id != detail.backup.id)
        }
    }

    @Test func aFailureIsKeptWithTheBackupAndTold() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.refuse(HoldfastError(.loginRefused, "wrong password")), for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.backUp(coordinator, cluster.live)
            }
            #expect(error?.code == .loginRefused)
            let backup = try #require(try await cluster.catalog.all(Backup.self).first?.value)
            #expect(backup.state == .failed)
            #expect(backup.failure?.message == "wrong password")
            #expect(backup.receipt == nil)
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
        }
    }

    @Test func whatMaySucceedLaterIsTriedThreeTimes() async throws {
        let cluster = try await Cluster()
        for _ in 0..<2 { await cluster.nodes.plan(.refuse(HoldfastError(.timedOut, "slow")), for: "capture-services") }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
            #expect(await cluster.nodes.count(of: "capture-services") == 3)
            // A database server that can't be reached is not a node that is gone.
            for _ in 0..<3 {
                await cluster.nodes.plan(.refuse(HoldfastError(.unavailable, "no server")), for: "capture-services")
            }
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.backUp(coordinator, cluster.live)
            }
            #expect(error?.message == "no server")
        }
    }

    @Test func aReceiptThatFallsShortIsNoBackup() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.lie, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.backUp(coordinator, cluster.live)
            }
            #expect(error?.code == .checkFailed)
            #expect(try await cluster.catalog.all(Backup.self).first?.value.state == .failed)
        }
    }

    @Test(arguments: [FakeNodes.Trouble.vanish, .actThenVanish])
    func aLostNodeIsWaitedForVisibly(_ trouble: FakeNodes.Trouble) async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(trouble, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            async let backup = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("waiting") { try await cluster.jobs().first?.status == .waiting }
            #expect(try await cluster.jobs().first?.waitingFor == "node one")
            await cluster.nodes.connect()
            #expect(try await backup.state == .complete)
            #expect(try await cluster.jobs().first?.waitingFor == nil)
        }
    }

    @Test func cancelEndsTheWorkersWorkAndTheBackup() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let create = BackupCreate(environment: cluster.live, wait: false)
            guard case .accepted(let accepted) = try await cluster.perform(coordinator, .backupCreate(create)) else {
                throw HoldfastError(.internal, "not accepted")
            }
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            let id = try #require(accepted.backup)
            try await cluster.perform(coordinator, .backupCancel(id))
            #expect(try await cluster.catalog.get(Backup.self, id)?.value.state == .cancelled)
            #expect(try await cluster.job(accepted.job).status == .cancelled)
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .backupCancel(id)) }
            #expect(await coordinator.office.feeds.count == 0)
        }
    }

    @Test func twoBackupsOfOneEnvironmentGoOneAfterTheOther() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            async let first = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            async let second = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("queued") { try await cluster.jobs().contains { $0.status == .queued } }
            #expect(await cluster.nodes.count(of: "capture-services") == 1)
            await cluster.nodes.release()
            #expect(try await first.state == .complete)
            #expect(try await second.state == .complete)
        }
    }

    /// Two environments name one database.
    private func shareDatabase(_ cluster: Cluster) async {
        for environment in [cluster.live, cluster.test] {
            await cluster.nodes.set(
                identity: .database(system: "one", oid: 7, name: "shop"), of: cluster.places(of: environment)[0])
        }
    }

    @Test func aBackupWaitsForASwapOfTheSameThingUnderAnotherName() async throws {
        let cluster = try await Cluster()
        await shareDatabase(cluster)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let source = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: "swap-services")
            async let restore = cluster.restore(coordinator, source.id, into: cluster.test)
            try await cluster.until("swapping") { await cluster.nodes.hangingCount == 1 }
            let captures = await cluster.nodes.count(of: "capture-services")
            async let backup = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("waiting") { try await cluster.jobs().contains { $0.status == .waiting } }
            let waiting = try await cluster.jobs().first { $0.status == .waiting }
            let swapping = try await cluster.jobs().first { $0.kind == .restore }
            #expect(waiting?.kind == .backup && waiting?.waitingFor == swapping.map { "job \($0.id)" })
            #expect(await cluster.nodes.count(of: "capture-services") == captures)
            await cluster.nodes.release()
            #expect(try await restore.step == .kept)
            #expect(try await backup.state == .complete)
        }
    }

    @Test func aSwapWaitsForABackupOfTheSameThingUnderAnotherName() async throws {
        let cluster = try await Cluster()
        await shareDatabase(cluster)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let source = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: "capture-services")
            async let backup = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            async let restore = cluster.restore(coordinator, source.id, into: cluster.test)
            try await cluster.until("waiting") { try await cluster.jobs().contains { $0.status == .waiting } }
            #expect(try await cluster.jobs().first { $0.status == .waiting }?.kind == .restore)
            #expect(await cluster.nodes.count(of: "swap-services") == 0)
            await cluster.nodes.release()
            #expect(try await backup.state == .complete)
            #expect(try await restore.step == .kept)
        }
    }

    @Test func whoStopsWatchingDoesNotStopTheBackup() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await cluster.backUp(coordinator, cluster.live) }
                try? await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
                group.cancelAll()
            }
            await cluster.nodes.release()
            try await cluster.until("complete") {
                try await cluster.catalog.all(Backup.self).first?.value.state == .complete
            }
        }
    }

    @Test func verifyAndDelete() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let id = try await cluster.backUp(coordinator, cluster.live).id
            #expect(try await cluster.perform(coordinator, .backupVerify(id)) == .verified(id, VerifyReport()))
            await cluster.nodes.set(verifyProblems: ["shard 1 is gone"])
            guard case .verified(_, let report) = try await cluster.perform(coordinator, .backupVerify(id)) else {
                throw HoldfastError(.internal, "no report")
            }
            #expect(report.problems == ["shard 1 is gone"])
            #expect(Set(try await cluster.jobs().filter { $0.kind == .verify }.map(\.status)) == [.succeeded, .failed])

            try await cluster.perform(coordinator, .backupDelete(id))
            #expect(try await cluster.catalog.get(Backup.self, id)?.value.state == .deleted)
            #expect(try await cluster.perform(coordinator, .backupList(BackupList())) == .backups([]))
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .backupVerify(id)) }
            await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, id, into: cluster.test)
            }
        }
    }

    /// A leader that rose above its own term meanwhile is not deposed by an order of before.
    @Test func anOrderOfAnEarlierTermIsGivenAgain() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: CaptureServices.name)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            async let backup = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("capturing") { await cluster.nodes.hangingCount == 1 }
            try await coordinator.office.ledger.rise(above: Epoch(50))
            await cluster.nodes.obey(coordinator.office.ledger.epoch)
            await cluster.nodes.release()
            #expect(try await backup.state == .complete)
            #expect(!coordinator.office.ledger.isDeposed)
        }
    }
}

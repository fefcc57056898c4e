import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import Testing

/// A coordinator dies before or after each of its writes, and the next one takes up what it left.
@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    private static let death = HoldfastError(.deposed, "The process died here")

    /// The commits of a restore with its safety backup.
    private static let commits = 0..<12

    private func fault(_ error: HoldfastError, after: Bool) -> MemoryCatalog.Fault {
        after ? .after(error) : .before(error)
    }

    @Test func theCommitsOfARestore() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let before = cluster.catalog.commitCount
            _ = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            #expect(cluster.catalog.commitCount - before == Self.commits.count)
        }
    }

    @Test(arguments: commits, [false, true])
    func aRestoreGoesOnAfterACrashAtEveryWrite(_ commit: Int, _ after: Bool) async throws {
        let cluster = try await Cluster(seed: UInt64(commit))
        let backup = try await cluster.lead { try await cluster.backUp($0, cluster.live) }
        cluster.catalog.inject(fault(Self.death, after: after), afterCommits: commit)
        _ = try? await cluster.lead { try await cluster.restore($0, backup.id, into: cluster.test) }
        try await cluster.lead { _ in
            try await cluster.until("no job at work") { try await !cluster.jobs().contains { $0.machine.isAtWork } }
        }
        let restores = try await cluster.jobs().filter { $0.kind == .restore }
        let expected = restores.isEmpty ? "shop/test" : "shop/live"
        #expect(restores.isEmpty == (commit == 0 && !after))
        #expect(await cluster.contents(of: cluster.test) == [expected, expected])
        #expect(restores.allSatisfy { $0.status == .succeeded && $0.endedAt != nil })
        #expect(try await cluster.catalog.all(Claim.self).isEmpty)
        let safety = try await cluster.catalog.all(Backup.self).filter { $0.value.trigger == .safety }
        #expect(safety.map(\.value.state) == restores.map { _ in .complete })
        // Undo works whoever made it.
        if let restore = restores.first {
            try await cluster.lead { try await cluster.perform($0, .restoreUndo(UndoRequest(restore: restore.id))) }
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
        }
    }

    /// Among them the one between the safety backup's end and the restore's knowing of it.
    @Test(arguments: commits)
    func whatHasEndedIsNotKeptForWatchers(_ commit: Int) async throws {
        let cluster = try await Cluster(seed: UInt64(commit))
        let backup = try await cluster.lead { try await cluster.backUp($0, cluster.live) }
        cluster.catalog.inject(fault(Self.death, after: false), afterCommits: commit)
        _ = try? await cluster.lead { try await cluster.restore($0, backup.id, into: cluster.test) }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await cluster.until("no job at work") { try await !cluster.jobs().contains { $0.machine.isAtWork } }
            _ = try await cluster.perform(coordinator, .jobWatch(backup.job))
            try await cluster.until("nothing is watched") { await coordinator.office.feeds.count == 0 }
        }
    }

    @Test(arguments: 0..<3, [false, true])
    func aBackupGoesOnAfterACrashAtEveryWrite(_ commit: Int, _ after: Bool) async throws {
        let cluster = try await Cluster(seed: UInt64(commit))
        cluster.catalog.inject(fault(Self.death, after: after), afterCommits: commit)
        _ = try? await cluster.lead { try await cluster.backUp($0, cluster.live) }
        try await cluster.lead { _ in
            try await cluster.until("no job at work") { try await !cluster.jobs().contains { $0.machine.isAtWork } }
        }
        let backups = try await cluster.catalog.all(Backup.self).map(\.value)
        #expect(backups.isEmpty == (commit == 0 && !after))
        #expect(backups.allSatisfy { $0.state == .complete && $0.receipt != nil })
    }

    /// A write of which nobody knows whether it happened is looked at again.
    @Test(arguments: commits, [false, true])
    func aFailingDiskBelowTheCatalogIsWaitedFor(_ commit: Int, _ after: Bool) async throws {
        let cluster = try await Cluster(seed: UInt64(commit))
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            cluster.catalog.inject(
                fault(HoldfastError(.inputOutput, "The disk is tired"), after: after), afterCommits: commit)
            do {
                let restore = try await cluster.restore(coordinator, backup.id, into: cluster.test)
                #expect(restore.step == .kept)
                #expect(await cluster.contents(of: cluster.test) == ["shop/live", "shop/live"])
            } catch {
                #expect(commit == 0 && !after, "\(error)")
            }
            // Nothing holds its place: the next ones go ahead under the same coordinator.
            #expect(try await cluster.restore(coordinator, backup.id, into: cluster.test).step == .kept)
            #expect(try await cluster.backUp(coordinator, cluster.test).state == .complete)
            #expect(try await cluster.catalog.all(Claim.self).isEmpty)
        }
    }

    @Test func shutdownLeavesAJobOpenAndTheNextStartEndsIt() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await cluster.perform(
                coordinator, .backupCreate(BackupCreate(environment: cluster.live, wait: false)))
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
        }
        let job = try #require(try await cluster.jobs().first)
        #expect(job.status == .running && job.machine.isAtWork)
        try await cluster.lead { _ in
            try await cluster.until("complete") { try await cluster.job(job.id).status == .succeeded }
        }
    }

    @Test func aDeposedCoordinatorStopsAndItsCommandsSaySo() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let successor = try await cluster.catalog.takeOffice(above: coordinator.office.ledger.epoch)
        #expect(successor > coordinator.office.ledger.epoch)
        let run = Task { try await coordinator.run() }
        for _ in 0..<2 {
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.backUp(coordinator, cluster.live)
            }
            #expect(error?.code == .deposed)
        }
        let error = await #expect(throws: HoldfastError.self) { try await run.value }
        #expect(error?.code == .deposed)
        #expect(await cluster.nodes.log.isEmpty)
    }

    @Test func aNodeThatKnowsAHigherEpochDeposes() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.refuse(HoldfastError(.deposed, "An older epoch")), for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            await #expect(throws: HoldfastError.self) { try await cluster.backUp(coordinator, cluster.live) }
            #expect(coordinator.office.ledger.isDeposed)
            #expect(try await cluster.jobs().first?.machine.isAtWork == true)
        }
    }
}

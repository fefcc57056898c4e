import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastCoordinator

@Suite(.timeLimit(.minutes(5))) struct CollectTests {
    private func collect(_ cluster: Cluster, _ coordinator: Coordinator) async throws -> CollectReport {
        let run = Command.collectRun(CollectRun(project: cluster.live.project))
        guard case .collected(let collected) = try await cluster.perform(coordinator, run) else {
            throw HoldfastError(.internal, "no collection")
        }
        return try #require(collected.first?.report)
    }

    /// A backup, other content, a backup of that; the first is deleted.
    private func twoBackups(_ cluster: Cluster, _ coordinator: Coordinator) async throws -> (Backup, Backup) {
        var rules = RetentionRules()
        rules.windowDays = 0
        _ = try await cluster.perform(
            coordinator, .retentionSet(RetentionSet(scope: .project(cluster.live.project), rules: rules)))
        let first = try await cluster.backUp(coordinator, cluster.live)
        for place in cluster.places(of: cluster.live) { await cluster.nodes.set(place, "later \(place)") }
        let second = try await cluster.backUp(coordinator, cluster.live)
        _ = try await cluster.perform(coordinator, .backupDelete(first.id))
        return (first, second)
    }

    private func shards(of text: String) -> ObjectName { FakeObjects.shard(text) }

    @Test func whatNoBackupNeedsIsDeleted() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (first, second) = try await twoBackups(cluster, coordinator)
            #expect(await cluster.nodes.objects.shards.count == 3)
            let report = try await collect(cluster, coordinator)
            #expect(report.backups == 1 && report.bytes == 100 && report.problems.isEmpty && report.unknown.isEmpty)
            let left = await cluster.nodes.objects
            #expect(left.shards == Set(cluster.places(of: cluster.live).map { FakeObjects.shard("later \($0)") }))
            #expect(Set(left.lists.map(\.backup)) == [second.id])
            #expect(try left.tombstones.map { try Tombstone(decoding: $0).backup } == [first.id])
            #expect(try await cluster.catalog.get(Backup.self, first.id)?.value.removedAt != nil)
            #expect(try await cluster.catalog.get(Backup.self, second.id)?.value.removedAt == nil)
            // Once more there is nothing to do.
            let again = try await collect(cluster, coordinator)
            #expect(again.backups == 0 && again.objects == 0)
            #expect(await cluster.nodes.count(of: "bury-backups") == 1)
        }
    }

    /// A deleted backup that somebody may still have back is not touched.
    @Test func aBackupThatCanBeTakenBackStays() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (first, _) = try await twoBackups(cluster, coordinator)
            let stored = try #require(try await cluster.catalog.get(Backup.self, first.id))
            var backup = stored.value
            backup.removableAt = cluster.time.now.advanced(by: .seconds(86_400))
            var changes = Changes()
            try changes.put(backup, over: stored)
            try await coordinator.office.ledger.commit(changes)
            #expect(try await collect(cluster, coordinator).objects == 0)
            #expect(await cluster.nodes.objects.shards.count == 3)
        }
    }

    /// The shards of a backup that is being made are named by no list yet.
    @Test func aRunningBackupIsWaitedForAndKeepsItsShards() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await cluster.perform(
                coordinator, .backupCreate(BackupCreate(environment: cluster.live, wait: false)))
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            await cluster.nodes.change {
                $0.shards.insert(FakeObjects.shard("shop/live"))
                $0.shards.insert(FakeObjects.shard("of nobody"))
            }
            try await cluster.perform(
                coordinator, .collectRun(CollectRun(project: cluster.live.project, wait: false)))
            try await cluster.until("waiting") {
                try await cluster.jobs().contains { $0.kind == .collect && $0.status == .waiting }
            }
            #expect(await cluster.nodes.objects.condemned.isEmpty)
            await cluster.nodes.release()
            try await cluster.until("collected") {
                try await cluster.jobs().contains { $0.kind == .collect && $0.status == .succeeded }
            }
            #expect(await cluster.nodes.objects.shards == [FakeObjects.shard("shop/live")])
        }
    }

    @Test func whatIsNeededAgainIsSpared() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (_, second) = try await twoBackups(cluster, coordinator)
            await cluster.nodes.change {
                $0.afterCondemning = { objects in
                    let list = FakeObjects.List(
                        manifest: ObjectName(bytes: [UInt8](repeating: 200, count: 32)), backup: second.id,
                        shards: [FakeObjects.shard("shop/live")])
                    objects.lists.insert(list)
                }
            }
            #expect(try await collect(cluster, coordinator).bytes == 0)
            #expect(await cluster.nodes.objects.shards.contains(FakeObjects.shard("shop/live")))
            #expect(await cluster.nodes.objects.condemned.isEmpty)
        }
    }

    /// The catalog is older than the backup.
    @Test func whatTheCatalogLacksIsKeptAndTold() async throws {
        let cluster = try await Cluster()
        let unknown = try #require(BackupID("0123456789ab"))
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await twoBackups(cluster, coordinator)
            await cluster.nodes.change {
                $0.store("unknown", manifest: ObjectName(bytes: [UInt8](repeating: 201, count: 32)), of: unknown)
            }
            let report = try await collect(cluster, coordinator)
            #expect(report.unknown == [unknown] && report.bytes == 100)
            #expect(await cluster.nodes.objects.shards.contains(FakeObjects.shard("unknown")))
        }
    }

    /// The catalog is older than the deletion.
    @Test func aTombstoneCorrectsTheCatalog() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let project = try await coordinator.office.projects[cluster.live.project].record().value
            let keys = try ProjectKeys(
                serialized: try await coordinator.office.projects[cluster.live.project].keys(of: project))
            let foreign = ProjectKeys(generatedFrom: cluster.entropy)
            let other = try await cluster.backUp(coordinator, cluster.test)
            let now = cluster.time.now
            await cluster.nodes.change {
                let tombstone = Tombstone(project: project.id, backup: backup.id, removedAt: now)
                $0.tombstones.insert(tombstone.sealed(keys).bytes)
                // One that was not written with the project's keys says nothing.
                let forged = Tombstone(project: project.id, backup: other.id, removedAt: now)
                $0.tombstones.insert(forged.sealed(foreign).bytes)
            }
            // The node believes either, and no longer says what the other backup needs: so nothing is deleted.
            let shards = await cluster.nodes.objects.shards
            await #expect(throws: HoldfastError.self) { try await collect(cluster, coordinator) }
            #expect(await cluster.nodes.objects.shards == shards)
            let corrected = try await cluster.catalog.get(Backup.self, backup.id)?.value
            #expect(corrected?.state == .deleted && corrected?.removedAt != nil)
            #expect(try await cluster.catalog.get(Backup.self, other.id)?.value.state == .complete)
        }
    }

    @Test func aLiveBackupWithoutItsListStopsTheCollection() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (_, second) = try await twoBackups(cluster, coordinator)
            await cluster.nodes.change { $0.lists = $0.lists.filter { $0.backup != second.id } }
            await #expect(throws: HoldfastError.self) { _ = try await collect(cluster, coordinator) }
            #expect(await cluster.nodes.objects.shards.count == 3)
            #expect(await cluster.nodes.objects.condemned.isEmpty)
        }
    }

    @Test func aNodeThatIsAwayIsWaitedFor() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await twoBackups(cluster, coordinator)
            await cluster.nodes.disconnect()
            try await cluster.perform(
                coordinator, .collectRun(CollectRun(project: cluster.live.project, wait: false)))
            try await cluster.until("waiting") {
                try await cluster.jobs().contains { $0.kind == .collect && $0.waitingFor == "node one" }
            }
            await #expect(throws: HoldfastError.self) { _ = try await collect(cluster, coordinator) }
            await cluster.nodes.connect()
            try await cluster.until("collected") {
                try await cluster.jobs().contains { $0.kind == .collect && $0.status == .succeeded }
            }
            #expect(await cluster.nodes.objects.shards.count == 2)
        }
    }

    /// A node that never comes back keeps nobody from calling the collection off.
    @Test func aCollectionThatWaitsCanBeCancelled() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await twoBackups(cluster, coordinator)
            await cluster.nodes.disconnect()
            try await cluster.perform(
                coordinator, .collectRun(CollectRun(project: cluster.live.project, wait: false)))
            try await cluster.until("waiting") {
                try await cluster.jobs().contains { $0.kind == .collect && $0.waitingFor == "node one" }
            }
            let job = try #require(try await cluster.jobs().first { $0.kind == .collect })
            _ = try await cluster.perform(coordinator, .jobCancel(job.id))
            try await cluster.until("cancelled") { try await cluster.jobs().contains { $0.status == .cancelled } }
            #expect(await cluster.nodes.objects.shards.count == 3)
            // What it had marked is settled by the next.
            await cluster.nodes.connect()
            #expect(try await collect(cluster, coordinator).bytes == 100)
        }
    }

    /// Once every node has the tombstone the record is of no use any more.
    @Test func aRemovedBackupIsForgottenAfterAWhile() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (first, second) = try await twoBackups(cluster, coordinator)
            _ = try await collect(cluster, coordinator)
            cluster.time.advance(by: .seconds(89 * 86_400))
            _ = try await collect(cluster, coordinator)
            #expect(try await cluster.catalog.get(Backup.self, first.id) != nil)
            cluster.time.advance(by: .seconds(2 * 86_400))
            // The tombstone is stored anew, before the record goes.
            await cluster.nodes.change { $0.tombstones = [] }
            _ = try await collect(cluster, coordinator)
            #expect(try await cluster.catalog.get(Backup.self, first.id) == nil)
            #expect(await cluster.nodes.objects.tombstones.count == 1)
            #expect(try await cluster.catalog.get(Backup.self, second.id)?.value.state == .complete)
        }
    }

    /// Which backups a project had is known only where its data may be, or still is.
    @Test func tombstonesStayWhereTheDataMayBe() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (first, _) = try await twoBackups(cluster, coordinator)
            let office = coordinator.office
            let stored = try #require(try await cluster.catalog.get(Project.self, cluster.live.project))
            var project = stored.value
            project.policy.allowedRegions = [try Name("elsewhere")]
            var changes = Changes()
            try changes.put(project, over: stored)
            try await office.ledger.commit(changes)
            // As repair sees it, which looks at all nodes.
            var look = try await RepairLook(office: office, project: project.id, name: project.name)
            var tombstones = FoundTombstones()
            tombstones.all[first.id] = Tombstone(project: project.id, backup: first.id, removedAt: office.now)
                .sealed(look.nodes.keys)
            let order = office.order(for: office.identifier())
            #expect(try await look.bury(tombstones, by: order) == 1)
            await cluster.nodes.change { ($0.lists, $0.manifests, $0.tombstones) = ([], [:], []) }
            look = try await RepairLook(office: office, project: project.id, name: project.name)
            #expect(try await look.bury(tombstones, by: order) == 0)
            #expect(await cluster.nodes.objects.tombstones.isEmpty)
        }
    }

    @Test func whatANodeRefusesIsTold() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.refuse(HoldfastError(.checkFailed, "The clock is wrong")), for: "delete-objects")
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await twoBackups(cluster, coordinator)
            let report = try await collect(cluster, coordinator)
            #expect(report.objects == 0 && report.problems.count == 1)
            #expect(try await collect(cluster, coordinator).bytes == 100)
        }
    }

    /// Dies before or after each of its writes; the next coordinator goes on.
    @Test(arguments: 0..<9, [false, true])
    func aCollectionGoesOnAfterACrashAtEveryWrite(_ commit: Int, _ after: Bool) async throws {
        let cluster = try await Cluster(seed: UInt64(commit))
        try await cluster.lead { _ = try await twoBackups(cluster, $0) }
        let death = HoldfastError(.deposed, "The process died here")
        cluster.catalog.inject(after ? .after(death) : .before(death), afterCommits: commit)
        _ = try? await cluster.lead { _ = try await collect(cluster, $0) }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await cluster.until("no job at work") { try await !cluster.jobs().contains { $0.machine.isAtWork } }
            let collections = try await cluster.jobs().filter { $0.kind == .collect }
            #expect(collections.allSatisfy { $0.status == .succeeded })
            #expect(collections.isEmpty == (commit == 0 && !after))
            if collections.isEmpty { _ = try await collect(cluster, coordinator) }
        }
        #expect(await cluster.nodes.objects.shards.count == 2)
        #expect(await cluster.nodes.objects.condemned.isEmpty)
        #expect(await cluster.nodes.objects.tombstones.count == 1)
    }

    @Test func aProjectIsRemovedOnlyWhenItsSpaceIsGivenBack() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (_, second) = try await twoBackups(cluster, coordinator)
            _ = try await cluster.perform(coordinator, .backupDelete(second.id))
            for environment in [cluster.live, cluster.test] {
                _ = try await cluster.perform(coordinator, .environmentRemove(environment))
            }
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .projectRemove(cluster.live.project))
            }
            #expect(error?.code == .busy)
            _ = try await collect(cluster, coordinator)
            #expect(await cluster.nodes.objects.shards.isEmpty)
            _ = try await cluster.perform(coordinator, .projectRemove(cluster.live.project))
        }
    }

    @Test func eachProjectIsCollectedOnceADay() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await twoBackups(cluster, coordinator)
            let keeper = CollectionKeeper(office: coordinator.office)
            func collections() async throws -> Int { try await cluster.jobs().count { $0.kind == .collect } }
            try await keeper.look()
            #expect(try await collections() == 0)
            cluster.time.advance(by: .seconds(86_400))
            try await keeper.look()
            try await cluster.until("collected") { await cluster.nodes.objects.shards.count == 2 }
            try await cluster.until("ended") {
                try await !cluster.jobs().contains { $0.kind == .collect && $0.machine.isAtWork }
            }
            let count = try await collections()
            try await keeper.look()
            #expect(try await collections() == count)
        }
    }

    @Test func aProjectShowsWhatIsStoredOfIt() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await twoBackups(cluster, coordinator)
            guard
                case .project(let detail) = try await cluster.perform(
                    coordinator, .projectShow(cluster.live.project))
            else { return #expect(Bool(false)) }
            #expect(detail.stored?.map(\.bytes) == [300])
        }
    }
}

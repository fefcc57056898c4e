import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import Testing

/// Backups whose content moves to other shards, as a coordinator sees it.
@Suite(.timeLimit(.minutes(5))) struct RewriteTests {
    /// A backup of one part with a list as a worker writes it, and another that could take its place.
    private struct Scene {
        let cluster: Cluster
        let coordinator: Coordinator
        let backup: Backup
        let old: SealedObject
        let new: SealedObject
        /// Needed mostly in vain, taking its place, and needed by both.
        let dead = FakeObjects.shard("mostly dead")
        let fresh = FakeObjects.shard("new")
        let common = FakeObjects.shard("common")

        init(_ cluster: Cluster, _ coordinator: Coordinator) async throws {
            (self.cluster, self.coordinator) = (cluster, coordinator)
            var made = try await cluster.backUp(coordinator, cluster.live)
            let project = try await coordinator.office.projects[cluster.live.project].record().value
            let keys = try ProjectKeys(
                serialized: try await coordinator.office.projects[cluster.live.project].keys(of: project))
            func list(_ part: BackupPart, _ shards: [ObjectName]) throws -> SealedObject {
                try ReferenceList(
                    project: project.id, backup: made.id, service: part.service, manifest: part.manifest, shards: shards
                ).sealed(keys)
            }
            old = try list(made.parts[0], [dead, common])
            new = try list(made.parts[0], [fresh, common])
            var lists: [SealedObject] = [old]
            made.parts[0].references = old.name
            for index in made.parts.indices.dropFirst() {
                lists.append(try list(made.parts[index], [common]))
                made.parts[index].references = lists[lists.count - 1].name
            }
            let stored = try #require(try await cluster.catalog.get(Backup.self, made.id))
            var changes = Changes()
            try changes.put(made, over: stored)
            try await coordinator.office.ledger.commit(changes)
            backup = made
            let (first, parts, id, dead, common) = (lists, made.parts, made.id, dead, common)
            await cluster.nodes.change { objects in
                objects.lists = []
                objects.shards = [dead, common]
                for list in first { objects.written[list.name] = list.bytes }
                objects.manifests = Dictionary(uniqueKeysWithValues: parts.map { ($0.manifest, id) })
            }
        }

        /// As after a rewriting of which nobody knows.
        func addNew() async {
            let (new, fresh) = (new, fresh)
            await cluster.nodes.change {
                $0.written[new.name] = new.bytes
                $0.shards.insert(fresh)
            }
        }

        func planRewriting() async {
            let (old, new) = (old, new)
            await cluster.nodes.change { $0.rewritten = [(old.name, new)] }
        }

        func collect() async throws -> CollectReport {
            // Which of two jobs was the last is told by when they began.
            cluster.time.advance(by: .seconds(1))
            let run = Command.collectRun(CollectRun(project: cluster.live.project))
            guard case .collected(let collected) = try await cluster.perform(coordinator, run) else {
                throw HoldfastError(.internal, "no collection")
            }
            return try #require(collected.first?.report)
        }

        func named() async throws -> ObjectName? {
            try await cluster.catalog.get(Backup.self, backup.id)?.value.parts[0].references
        }

        func lists() async -> Set<ObjectName> { Set(await cluster.nodes.objects.written.keys) }
    }

    private func with(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        let cluster = try await Cluster()
        try await cluster.lead { try await body(Scene(cluster, $0)) }
    }

    @Test func aBackupIsReadByItsNewShardsAndTheOldOnesGo() async throws {
        try await with { (scene: Scene) async throws in
            await scene.planRewriting()
            let report = try await scene.collect()
            #expect(report.problems.isEmpty, "\(report.problems)")
            #expect(report.rewriting?.shards == 1 && report.rewriting?.lists == 1)
            #expect(try await scene.named() == scene.new.name)
            #expect(await !scene.lists().contains(scene.old.name))
            let objects = await scene.cluster.nodes.objects
            #expect(objects.shards == [scene.fresh, scene.common])
            #expect(objects.released == [scene.dead, scene.old.name])
            let held = objects.held[scene.backup.id] ?? []
            #expect(held.isSuperset(of: [scene.fresh, scene.common, scene.new.name, scene.backup.parts[0].manifest]))
            let moved = try #require(try await scene.cluster.catalog.get(Backup.self, scene.backup.id)?.value)
            #expect(moved.receipt?.objects == 2 * moved.parts.count + 2)
            #expect(moved.receipt?.holdings.map(\.objects) == [2 * moved.parts.count + 2])
        }
    }

    /// A backup that was locked when its project asked for that stays so, with all that it is read by since.
    @Test func aLockMovesWithTheBackup() async throws {
        try await with { (scene: Scene) async throws in
            let stored = try #require(try await scene.cluster.catalog.get(Backup.self, scene.backup.id))
            var backup = stored.value
            let lock = scene.cluster.time.now.advanced(by: .seconds(365 * 86_400))
            backup.receipt?.lockedUntil = lock
            var changes = Changes()
            try changes.put(backup, over: stored)
            try await scene.coordinator.office.ledger.commit(changes)
            await scene.planRewriting()
            #expect(try await scene.collect().rewriting?.lists == 1)
            let moved = try #require(try await scene.cluster.catalog.get(Backup.self, scene.backup.id)?.value)
            #expect(moved.receipt?.lockedUntil == lock)
            #expect(await scene.cluster.nodes.objects.locks[scene.backup.id] == lock)
        }
    }

    /// The worker said that they are stored, and the node says otherwise. Also of a backup that is not where it should be.
    @Test(arguments: [true, false]) func nothingMovesThatIsNotHeld(_ wasSatisfied: Bool) async throws {
        try await with { (scene: Scene) async throws in
            await scene.planRewriting()
            if !wasSatisfied {
                let stored = try #require(try await scene.cluster.catalog.get(Backup.self, scene.backup.id))
                var backup = stored.value
                backup.receipt?.holdings = []
                var changes = Changes()
                try changes.put(backup, over: stored)
                try await scene.coordinator.office.ledger.commit(changes)
            }
            let fresh = scene.fresh
            await scene.cluster.nodes.change { $0.refused = [fresh] }
            let report = try await scene.collect()
            #expect(report.problems.count == 1)
            #expect(try await scene.named() == scene.old.name)
            #expect(await scene.lists().contains(scene.old.name))
            #expect(await scene.cluster.nodes.objects.shards.isSuperset(of: [scene.dead, scene.common]))
        }
    }

    @Test func whatCannotBeRewrittenIsToldAndTheRestIsDone() async throws {
        try await with { (scene: Scene) async throws in
            await scene.cluster.nodes.plan(
                .refuse(HoldfastError(.corrupt, "A list was changed")), for: "rewrite-shards")
            await scene.cluster.nodes.change { $0.shards.insert(FakeObjects.shard("of nobody")) }
            let report = try await scene.collect()
            #expect(report.problems.count == 1 && report.problems[0].contains("A list was changed"))
            #expect(await scene.cluster.nodes.objects.shards == [scene.dead, scene.common])
            // It is tried again by the next, though no backup went.
            await scene.planRewriting()
            #expect(try await scene.collect().rewriting?.shards == 1)
            #expect(try await scene.named() == scene.new.name)
            // And then no more, as long as none goes.
            #expect(try await scene.collect().rewriting?.shards == 0)
            let count = await scene.cluster.nodes.count(of: "rewrite-shards")
            #expect(try await scene.collect().rewriting?.shards == 0)
            #expect(await scene.cluster.nodes.count(of: "rewrite-shards") == count)
        }
    }

    // MARK: several lists

    @Test func whatTheCatalogNamesStays() async throws {
        try await with { (scene: Scene) async throws in
            await scene.addNew()
            #expect(try await scene.collect().problems.isEmpty)
            #expect(try await scene.named() == scene.old.name)
            #expect(await !scene.lists().contains(scene.new.name))
            #expect(await scene.cluster.nodes.objects.shards == [scene.dead, scene.common])
        }
    }

    /// It has gone back to before the content moved; the old shard was deleted meanwhile, or the list too.
    @Test(arguments: [false, true]) func aCatalogThatIsOlderIsPutRight(_ isListGone: Bool) async throws {
        try await with { (scene: Scene) async throws in
            await scene.addNew()
            let (dead, old) = (scene.dead, scene.old.name)
            await scene.cluster.nodes.change {
                $0.shards.remove(dead)
                if isListGone { $0.written[old] = nil }
            }
            #expect(try await scene.collect().problems.isEmpty)
            #expect(try await scene.named() == scene.new.name)
            #expect(await !scene.lists().contains(old))
            #expect(await scene.cluster.nodes.objects.shards == [scene.fresh, scene.common])
        }
    }

    /// It is what was left by an attempt that was broken off, and what it names was collected meanwhile. What the list that
    /// is missing named is all there, and stays.
    @Test func aListThatIsNotWholeTakesNoPlace() async throws {
        try await with { (scene: Scene) async throws in
            await scene.addNew()
            let (fresh, old) = (scene.fresh, scene.old.name)
            await scene.cluster.nodes.change {
                $0.shards.remove(fresh)
                $0.written[old] = nil
            }
            let error = await #expect(throws: HoldfastError.self) { try await scene.collect() }
            #expect(error?.code == .corrupt && error?.message.contains("\(old)") == true)
            #expect(try await scene.named() == old)
            #expect(await scene.cluster.nodes.objects.shards == [scene.dead, scene.common])
        }
    }

    /// Written with other keys it says nothing.
    @Test func aForgedListTakesNoPlace() async throws {
        try await with { (scene: Scene) async throws in
            let foreign = ProjectKeys(generatedFrom: scene.cluster.entropy)
            let forged = try ReferenceList(decoding: scene.new.bytes).sealed(foreign)
            let dead = scene.dead
            await scene.cluster.nodes.change {
                $0.written[forged.name] = forged.bytes
                $0.shards.insert(FakeObjects.shard("new"))
                $0.shards.remove(dead)
            }
            _ = try await scene.collect()
            #expect(try await scene.named() == scene.old.name)
            #expect(await scene.lists().contains(scene.old.name))
        }
    }

    /// A node gives another list than it was asked for.
    @Test func aListUnderAnothersNameTakesNoPlace() async throws {
        try await with { (scene: Scene) async throws in
            let (old, new) = (scene.old, scene.new.name)
            await scene.cluster.nodes.change {
                $0.written[old.name] = nil
                $0.written[new] = old.bytes
            }
            _ = try? await scene.collect()
            #expect(try await scene.named() == old.name)
            #expect(await scene.cluster.nodes.objects.shards == [scene.dead, scene.common])
        }
    }

    @Test func whatAJobReadsByStays() async throws {
        try await with { (scene: Scene) async throws in
            await scene.cluster.nodes.plan(.hang, for: "verify-backup")
            let verification = Task {
                try await scene.cluster.perform(scene.coordinator, .backupVerify(scene.backup.id))
            }
            try await scene.cluster.until("verifying") { await scene.cluster.nodes.hangingCount == 1 }
            await scene.planRewriting()
            #expect(try await scene.collect().problems.isEmpty)
            #expect(try await scene.named() == scene.new.name)
            #expect(await scene.lists().isSuperset(of: [scene.old.name, scene.new.name]))
            #expect(await scene.cluster.nodes.objects.shards == [scene.dead, scene.fresh, scene.common])
            await scene.cluster.nodes.release()
            _ = try await verification.value
            #expect(try await scene.collect().problems.isEmpty)
            #expect(await !scene.lists().contains(scene.old.name))
            #expect(await scene.cluster.nodes.objects.shards == [scene.fresh, scene.common])
        }
    }

    // MARK: crashes

    /// Dies before or after each of its writes; the next coordinator goes on.
    @Test(arguments: 0..<9, [false, true])
    func aRewritingGoesOnAfterACrashAtEveryWrite(_ commit: Int, _ after: Bool) async throws {
        let cluster = try await Cluster(seed: UInt64(commit))
        let names = Names()
        _ = try? await cluster.lead { (coordinator: Coordinator) async throws in
            let scene = try await Scene(cluster, coordinator)
            await scene.planRewriting()
            await names.set(scene.backup.id, scene.old.name)
            let death = HoldfastError(.deposed, "The process died here")
            cluster.catalog.inject(after ? .after(death) : .before(death), afterCommits: commit)
            _ = try? await scene.collect()
        }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await cluster.until("no job at work") { try await !cluster.jobs().contains { $0.machine.isAtWork } }
            let run = Command.collectRun(CollectRun(project: cluster.live.project))
            _ = try await cluster.perform(coordinator, run)
        }
        let (backup, old) = await (names.backup, names.old)
        let named = try await cluster.catalog.get(Backup.self, try #require(backup))?.value.parts[0].references
        let objects = await cluster.nodes.objects
        // Either side will do, as long as everything it names is there, and only that.
        let bytes = try #require(named.flatMap { objects.written[$0] })
        let list = try ReferenceList(decoding: bytes)
        #expect(objects.shards == Set(list.shards).union([FakeObjects.shard("common")]))
        #expect((named == old) == old.map(objects.written.keys.contains))
        #expect(objects.condemned.isEmpty)
    }

    private actor Names {
        private(set) var backup: BackupID?
        private(set) var old: ObjectName?
        func set(_ backup: BackupID, _ old: ObjectName) { (self.backup, self.old) = (backup, old) }
    }
}

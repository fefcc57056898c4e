import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Mostly dead shards are rewritten by a worker: what is needed of them is elsewhere then, and nothing else has changed.
@Suite(.timeLimit(.minutes(5))) struct RewriteTests {
    private static let files = 10

    /// A tree of which each backup has changed all but some files, so that the first backup's shard is needed for these.
    private struct Scene {
        let shop: ModelShop
        var backups: [[BackupPart]] = []

        init() async throws {
            shop = try ModelShop()
            try shop.set("old")
            try await capture(changing: 0..<RewriteTests.files)
            try await capture(changing: 0..<RewriteTests.files - 2)
            try await capture(changing: 0..<RewriteTests.files - 3)
        }

        private mutating func capture(changing numbers: Range<Int>) async throws {
            for number in numbers {
                let seed = UInt64(100 * backups.count + number)
                try shop.files.write(SeededEntropy(seed: seed).bytes(3000), to: "\(ModelShop.media)/file\(number)")
            }
            shop.files.sync()
            backups.append(try await shop.capture(shop.worker()))
        }

        /// The first is gone: what only it needed is dead.
        var live: [[BackupPart]] { Array(backups.dropFirst()) }

        func list(_ name: ObjectName, _ store: ObjectStore) async throws -> ReferenceList {
            try ReferenceList(
                verifying: try await store.bytes(.references, name, offset: 0, length: nil), keys: shop.keys)
        }

        func record(_ name: ObjectName, mayMove: Bool, _ store: ObjectStore) async throws -> [UInt8] {
            let list = try await list(name, store)
            return name.bytes + list.manifest.bytes + Array(list.backup.text.utf8) + [mayMove ? 1 : 0]
        }

        func message(byteLimit: Int64 = 1 << 20) throws -> RewriteShards {
            RewriteShards(
                order: shop.order(shop.job()), project: Fixture.project, keys: shop.keys.serialized,
                terms: try shop.terms, byteLimit: byteLimit, holdUntil: RealTime().now.advanced(by: .seconds(3600)))
        }

        /// - Parameter fixed: lists that may not be replaced, besides.
        func rewrite(
            _ resources: WorkerResources, fixed: [[BackupPart]] = []
        ) async throws -> (reply: RewriteShards.Reply, moves: [ObjectName: ObjectName]) {
            var records: [[UInt8]] = []
            for part in live.joined() {
                records.append(try await record(part.references, mayMove: true, resources.store))
            }
            for part in fixed.joined() {
                records.append(try await record(part.references, mayMove: false, resources.store))
            }
            let (reply, stored) = try await Worker(resources).rewrite(message(), records)
            var moves: [ObjectName: ObjectName] = [:]
            for start in stride(from: 0, to: stored.count, by: 76) {
                moves[ObjectName(bytes: Array(stored[start..<start + 32]))] =
                    ObjectName(bytes: Array(stored[start + 32..<start + 64]))
            }
            return (reply, moves)
        }

        func moved(_ moves: [ObjectName: ObjectName]) -> [[BackupPart]] {
            live.map { parts in
                parts.map { part in
                    var part = part
                    part.references = moves[part.references] ?? part.references
                    return part
                }
            }
        }

        func shards(_ backups: [[BackupPart]], _ store: ObjectStore) async throws -> Set<ObjectName> {
            var shards: Set<ObjectName> = []
            for part in backups.joined() { shards.formUnion(try await list(part.references, store).shards) }
            return shards
        }

        /// Everything is read, by the lists that are given.
        func problems(_ backups: [[BackupPart]], _ resources: WorkerResources) async throws -> [String] {
            var problems: [String] = []
            for parts in backups {
                let report = try await Worker(resources).verify(
                    VerifyBackup(
                        project: Fixture.project, keys: shop.keys.serialized,
                        parts: parts.map {
                            .init(service: $0.service, manifest: $0.manifest, references: $0.references)
                        }, terms: shop.terms))
                problems += report.problems
            }
            return problems
        }

        /// As if no index were there that leads to shards that no list names.
        func withoutIndex(_ resources: WorkerResources) -> WorkerResources {
            var resources = resources
            resources.indexFiles = MemoryIndexFiles().process { () throws(HoldfastError) in }
            return resources
        }
    }

    @Test func whatIsNeededIsInNewShards() async throws {
        let scene = try await Scene()
        let resources = try await scene.shop.resources()
        let before = try await scene.shards(scene.live, resources.store)
        let (reply, moves) = try await scene.rewrite(resources)
        // The first backup's shard of media, of which two files are needed.
        #expect(reply.shards == 1, "\(reply)")
        #expect(!reply.isPartial && reply.deadBytes > 20_000 && reply.copiedBytes > 2 * 3000)
        let moved = scene.moved(moves)
        let after = try await scene.shards(moved, resources.store)
        #expect(before.subtracting(after).count == reply.shards)
        #expect(after.subtracting(before).count == 1)
        #expect(try await scene.problems(moved, scene.withoutIndex(resources)).isEmpty)
        #expect(try await scene.problems(scene.live, scene.withoutIndex(resources)).isEmpty)
        // The new shards are held for the job, and reckoned with by the next backup.
        #expect(try await resources.store.held(among: after.subtracting(before)) == after.subtracting(before))
        let index = try ChunkIndex(
            Fixture.project.text, in: resources.indexFiles, project: Fixture.project)
        #expect(before.subtracting(after).isDisjoint(with: index.shards))
        #expect(after.subtracting(before).isSubset(of: index.shards))
        // The old ones can go.
        try await remove(before.subtracting(after), resources.store)
        #expect(try await scene.problems(moved, scene.withoutIndex(resources)).isEmpty)
    }

    /// Who still reads by the old list, or was told of one that is not there any more, finds the content at its new place.
    @Test func whoReadsByTheOldListFindsTheContent() async throws {
        let scene = try await Scene()
        let resources = try await scene.shop.resources()
        let (_, moves) = try await scene.rewrite(resources)
        let parts = scene.live[1]
        let router = try resources.router(Fixture.project, scene.shop.terms)
        func read(_ part: BackupPart, _ reader: PartReader? = nil) async throws -> Int {
            let opened: PartReader
            if let reader {
                opened = reader
            } else {
                opened = try await PartReader(
                    manifest: part.manifest, references: part.references, project: Fixture.project,
                    keys: scene.shop.keys, router: router, lookup: EmptyLookup())
            }
            var entries = try opened.manifest.media()
            var bytes = 0
            while let entry = try await entries.next() {
                guard case .file(_, _, let chunks) = entry.kind else { continue }
                for chunk in chunks { bytes += try await opened.archive.read(chunk).count }
            }
            return bytes
        }
        let part = try #require(parts.first { $0.service.kind == .media && moves[$0.references] != nil })
        let whole = try await read(part)
        let early = try await PartReader(
            manifest: part.manifest, references: part.references, project: Fixture.project, keys: scene.shop.keys,
            router: router, lookup: EmptyLookup())
        let gone = try await scene.shards(scene.live, resources.store)
            .subtracting(try await scene.shards(scene.moved(moves), resources.store))
        try await remove(gone, resources.store)
        #expect(try await read(part, early) == whole)
        #expect(try await read(part) == whole)
        let new = try #require(moves[part.references])
        let bytes = try await resources.store.bytes(.references, new, offset: 0, length: nil)
        try await resources.store.release(
            [part.references], from: scene.list(part.references, resources.store).backup, of: Fixture.project,
            by: Fixture.order(1))
        try await resources.store.replace(
            part.references, by: bytes, of: Fixture.project, order: Fixture.order(1), at: RealTime().now)
        #expect(try await read(part) == whole)
    }

    @Test func whatOtherListsNameIsNotTouched() async throws {
        let scene = try await Scene()
        let resources = try await scene.shop.resources()
        let (reply, moves) = try await scene.rewrite(resources, fixed: [scene.backups[0]])
        #expect(reply.shards == 0 && moves.isEmpty)
    }

    /// Nothing is concluded from a part of which something is missing.
    @Test func aDamagedPartStaysAsItIs() async throws {
        let scene = try await Scene()
        let resources = try await scene.shop.resources()
        let lists = try await scene.shards([scene.backups[2]], resources.store)
            .subtracting(try await scene.shards([scene.backups[0], scene.backups[1]], resources.store))
        try await remove(lists, resources.store)
        let named = try await scene.shards([scene.backups[2]], resources.store)
        let (_, moves) = try await scene.rewrite(resources)
        for part in scene.backups[2] { #expect(moves[part.references] == nil) }
        let left = Set(try await resources.store.names(of: .shard))
        #expect(named.subtracting(lists).isSubset(of: left))
    }

    /// Its index tells what it has, and some of that can't be read.
    @Test func aShardThatCannotBeReadStaysNamed() async throws {
        let scene = try await Scene()
        let resources = try await scene.shop.resources()
        let both = try await scene.shards(scene.live, resources.store)
        let own = try await scene.shards([scene.backups[0]], resources.store)
        for shard in both.intersection(own) {
            var bytes = try await resources.store.bytes(.shard, shard, offset: 0, length: nil)
            for place in bytes.count / 4..<bytes.count * 3 / 4 { bytes[place] ^= 1 }
            try await resources.store.disk.replace(ObjectStore.path(.shard, shard), with: bytes)
        }
        let (_, moves) = try await scene.rewrite(resources)
        let after = try await scene.shards(scene.moved(moves), resources.store)
        #expect(after.isSuperset(of: both))
    }

    /// Of a chunk in two shards one copy counts. Where that can't be read, the shard with the other one stays named.
    @Test func theOtherCopyOfAChunkThatCannotBeReadStays() async throws {
        let shop = try ModelShop()
        let resources = try await shop.resources()
        let router = try resources.router(Fixture.project, shop.terms)
        var (shards, needed): ([ObjectName], [ChunkReference]) = ([], [])
        for seed in [1, 2] as [UInt64] {
            let (references, summary) = try await withArchiveWriter(
                project: Fixture.project, keys: shop.keys, index: EmptyLookup(), sink: router,
                entropy: SeededEntropy(seed: seed), configuration: resources.archive
            ) { writer in
                let kept = try await writer.store(SeededEntropy(seed: 100).bytes(3000))
                for number in 0..<UInt64(4) {
                    _ = try await writer.store(SeededEntropy(seed: 10 * seed + number).bytes(3000))
                }
                return [kept]
            }
            (shards, needed) = (shards + summary.shards, references)
        }
        let parts = try Self.part(of: needed, in: shards, shop.keys)
        for object in [parts.list, parts.manifest] { try await router.put(object) }
        let counted = try #require(shards.min())
        var bytes = try await resources.store.bytes(.shard, counted, offset: 0, length: nil)
        for place in bytes.count / 8..<bytes.count * 3 / 4 { bytes[place] ^= 1 }
        try await resources.store.disk.replace(ObjectStore.path(.shard, counted), with: bytes)
        let message = RewriteShards(
            order: shop.order(shop.job()), project: Fixture.project, keys: shop.keys.serialized,
            terms: try shop.terms, byteLimit: 1 << 20, holdUntil: RealTime().now.advanced(by: .seconds(3600)))
        let record = parts.list.name.bytes + parts.manifest.name.bytes + Array(Fixture.backup.text.utf8) + [1]
        let (_, stored) = try await Worker(resources).rewrite(message, [record])
        #expect(stored.isEmpty)
    }

    private static func part(
        of chunks: [ChunkReference], in shards: [ObjectName], _ keys: ProjectKeys
    ) throws -> (list: SealedObject, manifest: SealedObject) {
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let time = FileTime(seconds: 1_790_000_000, nanoseconds: 0)
        let size = chunks.reduce(UInt64(0)) { $0 + UInt64($1.length) }
        var writer = try MediaManifestWriter(
            project: Fixture.project, backup: Fixture.backup, service: ServiceReference(.media), createdAt: now,
            keys: keys, entropy: SeededEntropy(seed: 8))
        try writer.add(
            MediaEntry(
                path: Array("file".utf8),
                kind: .file(size: size, extents: [.init(offset: 0, length: size)], chunks: chunks), mode: 0o644,
                owner: 0, group: 0, modified: time, changed: time, device: 1, inode: 1))
        let manifest = try writer.finish(
            ManifestSummary(
                startedAt: now, endedAt: now, counts: .media(MediaCounts()), warnings: Warnings(), sizes: PartSizes()))
        let list = try ReferenceList(
            project: Fixture.project, backup: Fixture.backup, service: ServiceReference(.media),
            manifest: manifest.name, shards: shards
        ).sealed(keys)
        return (list, manifest)
    }

    /// Whenever it is killed, the backups are as they were, and the next attempt does what is left.
    @Test func killedAtAnyCall() async throws {
        let counted = try await Scene()
        let process = ModelShop.Process()
        _ = try await counted.rewrite(try await counted.shop.resources(process))
        let calls = process.calls
        for last in stride(from: 1, through: calls, by: max(1, calls / 60)) {
            let scene = try await Scene()
            do {
                _ = try await scene.rewrite(try await scene.shop.resources(ModelShop.Process(dyingAt: last)))
            } catch {}
            scene.shop.powerCut(seed: UInt64(last))
            let resources = try await scene.shop.resources()
            #expect(try await scene.problems(scene.live, scene.withoutIndex(resources)).isEmpty, "call \(last)")
            // A list that was stored before the crash is as good as the old one.
            for name in try await resources.store.names(of: .references) {
                let list = try await scene.list(name, resources.store)
                for shard in list.shards { _ = try await resources.store.size(.shard, shard) }
            }
            let (reply, moves) = try await scene.rewrite(resources)
            #expect(reply.shards == 1, "call \(last)")
            #expect(
                try await scene.problems(scene.moved(moves), scene.withoutIndex(resources)).isEmpty, "call \(last)")
        }
    }

    private func remove(_ shards: Set<ObjectName>, _ store: ObjectStore) async throws {
        for name in shards { try await store.disk.remove(ObjectStore.path(.shard, name)) }
    }
}

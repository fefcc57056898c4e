import HoldfastModel
import Synchronization
import Testing

@testable import HoldfastArchive

@Suite struct ShardSearchTests {
    /// Can't be reached the first times.
    private final class Unsteady: ObjectSource {
        private let store: MemoryStore
        private let failures: Mutex<Int>

        init(_ store: MemoryStore, failures: Int) {
            self.store = store
            self.failures = Mutex(failures)
        }

        private func reach() throws {
            let fails = failures.withLock { failures in
                failures -= 1
                return failures >= 0
            }
            if fails { throw HoldfastError(.unavailable, "not now") }
        }

        func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8] {
            try reach()
            return try await store.read(kind, name, offset: offset, length: length)
        }

        func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 {
            try reach()
            return try await store.size(kind, name)
        }
    }

    @Test func aShardThatCouldNotBeReachedIsSearchedAgain() async throws {
        let store = MemoryStore()
        let chunks = (0..<40).map { SeededEntropy(UInt64($0)).bytes(500) }
        let (references, summary) = try await Samples.store(chunks, in: store)
        let reader = ArchiveReader(
            source: Unsteady(store, failures: 1), keys: Samples.keys, project: Samples.project,
            shards: summary.referenced)
        let error = await #expect(throws: HoldfastError.self) { try await reader.read(references[0]) }
        #expect(error?.code == .unavailable)
        for (reference, chunk) in zip(references, chunks) { #expect(try await reader.read(reference) == chunk) }
    }

    /// The same chunk in three shards: where one has gone since it was searched, another will do, and at last one that
    /// only comes to light when none of these has it.
    @Test func aChunkIsFoundInWhicheverShardIsLeft() async throws {
        let chunk = SeededEntropy(1).bytes(500)
        let (store, copies) = (MemoryStore(), [7, 8, 9] as [UInt64])
        var shards: [ObjectName] = []
        var reference: ChunkReference?
        for seed in copies {
            let (references, summary) = try await Samples.store([chunk], in: store, seed: seed)
            shards += summary.shards
            reference = references[0]
        }
        let wanted = try #require(reference)
        for gone in [[0], [1], [0, 1]] {
            let (listed, moved) = (shards[..<2].sorted(), shards[2])
            let left = MemoryStore()
            for name in shards { try await left.put(store.object(.shard, name)) }
            let segments = SegmentStore(source: left, keys: Samples.keys, project: Samples.project, cacheBytes: 0)
            let search = ShardSearch(segments, shards: listed, further: { [moved] })
            // Both are opened before anything goes.
            let first = try await search.location(of: wanted.name)
            let second = try await search.location(of: wanted.name, except: [first])
            #expect(Set([first.shard, second.shard]) == Set(listed))
            for number in gone { left.remove(listed[number]) }
            let bad = [first, second].filter { left.shardNames.contains($0.shard) == false }
            let found = try await search.location(of: wanted.name, except: Set(bad))
            #expect(found.shard == (gone.count == 2 ? moved : listed[1 - gone[0]]))
        }
    }

    /// By an index that misleads, and then by shards that have gone.
    @Test func everyPlaceThatIsKnownIsTried() async throws {
        let (store, chunk) = (MemoryStore(), SeededEntropy(1).bytes(500))
        var (shards, places): ([ObjectName], [ChunkLocation]) = ([], [])
        var wanted = Samples.chunk(1)
        for seed in [7, 8, 9] as [UInt64] {
            let (references, summary) = try await Samples.store([chunk], in: store, seed: seed)
            (wanted, shards) = (references[0], shards + summary.shards)
            places += summary.entries.map(\.location)
        }
        let moved = shards[2]
        let (others, further) = try await Samples.store([SeededEntropy(2).bytes(500)], in: store)
        let reader = ArchiveReader(
            source: store, keys: Samples.keys, project: Samples.project, lookup: OnePlace(location: places[0]),
            shards: [shards[0], shards[1]] + further.shards, further: { [moved] }, cacheBytes: 0)
        #expect(try await reader.read(wanted) == chunk)
        for (number, shard) in shards.enumerated().dropLast() {
            store.remove(shard)
            // So that what was read last is not kept.
            _ = try await reader.read(others[0])
            #expect(try await reader.read(wanted) == chunk, "\(number)")
        }
    }

    private struct OnePlace: ChunkLookup {
        var location: ChunkLocation
        func location(of name: ChunkName) -> ChunkLocation? { location }
    }

    /// The same objects in several places.
    private struct Copies: ObjectSource {
        var stores: [MemoryStore]

        func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8] {
            try await stores[0].read(kind, name, offset: offset, length: length)
        }

        func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 { try await stores[0].size(kind, name) }

        func passingOver(_ places: Int) -> Copies? {
            places < stores.count ? Copies(stores: Array(stores.dropFirst(places))) : nil
        }
    }

    @Test(arguments: [0.0, 0.3, 0.6, 0.999]) func aDamagedCopyIsPassedOver(at part: Double) async throws {
        let (damaged, good) = (MemoryStore(), MemoryStore())
        let chunks = (0..<40).map { SeededEntropy(UInt64($0)).bytes(500) }
        let (references, summary) = try await Samples.store(chunks, in: good)
        for name in good.shardNames {
            let object = try good.object(.shard, name)
            try await damaged.put(object)
            var bytes = object.bytes
            bytes[Int(Double(bytes.count) * part)] ^= 1
            damaged.replace(name, bytes: bytes)
        }
        try await expectPassedOver(damaged, good, references, chunks, summary)
    }

    /// Damaged just so that it seems to come from another program.
    @Test func aCopyOfAnotherVersionIsPassedOver() async throws {
        let (damaged, good) = (MemoryStore(), MemoryStore())
        let chunks = (0..<40).map { SeededEntropy(UInt64($0)).bytes(500) }
        let (references, summary) = try await Samples.store(chunks, in: good)
        for name in good.shardNames {
            let object = try good.object(.shard, name)
            try await damaged.put(object)
            var bytes = object.bytes
            bytes[Format.shard.magic.count + 1] ^= 2
            damaged.replace(name, bytes: bytes)
        }
        try await expectPassedOver(damaged, good, references, chunks, summary)
    }

    private func expectPassedOver(
        _ damaged: MemoryStore, _ good: MemoryStore, _ references: [ChunkReference], _ chunks: [[UInt8]],
        _ summary: ArchiveSummary
    ) async throws {
        let reader = ArchiveReader(
            source: Copies(stores: [damaged, good]), keys: Samples.keys, project: Samples.project,
            shards: summary.referenced)
        for (reference, chunk) in zip(references, chunks) { #expect(try await reader.read(reference) == chunk) }
        let worse = ArchiveReader(
            source: Copies(stores: [damaged, damaged]), keys: Samples.keys, project: Samples.project,
            shards: summary.referenced)
        await #expect(throws: HoldfastError.self) {
            for reference in references { _ = try await worse.read(reference) }
        }
    }
}

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

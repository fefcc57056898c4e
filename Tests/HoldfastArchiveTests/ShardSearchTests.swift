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
}

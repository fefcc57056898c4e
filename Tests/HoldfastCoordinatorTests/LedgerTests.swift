import HoldfastCatalog
import HoldfastModel
import Synchronization
import Testing

@testable import HoldfastCoordinator

/// A leader that begins another term of its own, above epochs of a catalog that is lost.
@Suite struct LedgerTests {
    private func changes(_ number: UInt64) throws -> Changes {
        Changes(writes: [try .put(Setting(.layout, Layout(number: number, members: [])))])
    }

    @Test func leadsOnAboveWhatNodesKnow() async throws {
        let catalog = MemoryCatalog()
        let ledger = Ledger(catalog: catalog, epoch: try await catalog.takeOffice(above: Epoch(0))) {
            Issue.record("deposed")
        }
        try await ledger.rise(above: Epoch(40))
        #expect(ledger.epoch == Epoch(41))
        try await ledger.commit(changes(1))
        // Lower ones change nothing.
        try await ledger.rise(above: Epoch(12))
        #expect(ledger.epoch == Epoch(41))
        let error = await #expect(throws: HoldfastError.self) { try await ledger.rise(above: Epoch(UInt64.max)) }
        #expect(error?.code == .malformed)
        try await ledger.commit(changes(2))
    }

    /// What is written at the same time is written in one term or the other, and nobody is deposed by it.
    @Test func writesGoOnMeanwhile() async throws {
        let catalog = MemoryCatalog()
        let ledger = Ledger(catalog: catalog, epoch: try await catalog.takeOffice(above: Epoch(0))) {
            Issue.record("deposed")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...50 {
                group.addTask { try await ledger.commit(changes(UInt64(number))) }
                group.addTask { try await ledger.rise(above: Epoch(UInt64(number))) }
            }
            try await group.waitForAll()
        }
        #expect(ledger.epoch > Epoch(50) && !ledger.isDeposed)
    }

    /// Every write is overtaken by a new term of the same leader once, just before it reaches the catalog.
    private final class OvertakenCatalog: Catalog {
        let memory = MemoryCatalog()
        let overtaken = Mutex<Set<Epoch>>([])
        let overtake: @Sendable (Epoch) async throws -> Void

        init(overtake: @escaping @Sendable (Epoch) async throws -> Void) { self.overtake = overtake }

        var incarnation: String { memory.incarnation }
        func takeOffice(above: Epoch) async throws -> Epoch { try await memory.takeOffice(above: above) }
        func commit(_ transaction: Transaction) async throws {
            if overtaken.withLock({ $0.isEmpty && $0.insert(transaction.epoch).inserted }) {
                try await overtake(transaction.epoch)
            }
            try await memory.commit(transaction)
        }
        func purge() async throws { try await memory.purge() }
        func record(_ key: RecordKey) async throws -> Record? { try await memory.record(key) }
        func records(_ query: RecordQuery) async throws -> [Record] { try await memory.records(query) }
        func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry] {
            try await memory.journal(of: job, after: number, limit: limit)
        }
    }

    private final class Holder: Sendable {
        let ledger = Mutex<Ledger?>(nil)
    }

    @Test func aWriteThatIsOvertakenIsMadeAgain() async throws {
        let holder = Holder()
        let catalog = OvertakenCatalog { [holder] epoch in
            try await holder.ledger.withLock { $0 }?.rise(above: epoch)
        }
        let ledger = Ledger(catalog: catalog, epoch: try await catalog.takeOffice(above: Epoch(0))) {
            Issue.record("deposed")
        }
        holder.ledger.withLock { $0 = ledger }
        let first = ledger.epoch
        try await ledger.commit(changes(7))
        #expect(ledger.epoch > first && !ledger.isDeposed)
        #expect(try await catalog.get(Setting<Layout>.self, .layout)?.value.value.number == 7)
    }

    @Test func anothersTermStillDeposes() async throws {
        let catalog = MemoryCatalog()
        let ledger = Ledger(catalog: catalog, epoch: try await catalog.takeOffice(above: Epoch(0))) {}
        try await ledger.rise(above: Epoch(5))
        _ = try await catalog.takeOffice(above: Epoch(9))
        let write = await #expect(throws: HoldfastError.self) { try await ledger.commit(changes(1)) }
        #expect(write?.code == .deposed && ledger.isDeposed)
        let rise = await #expect(throws: HoldfastError.self) { try await ledger.rise(above: Epoch(20)) }
        #expect(rise?.code == .deposed)
    }
}

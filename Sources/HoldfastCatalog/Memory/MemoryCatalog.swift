package import HoldfastModel
import Synchronization

/// The catalog in memory: for simulations and tests. It forgets everything with its last reference, and can be told to
/// fail.
package final class MemoryCatalog: Catalog {
    /// How a commit fails.
    package enum Fault: Sendable {
        /// Nothing is applied, and the error is thrown.
        case before(HoldfastError)
        /// The transaction is applied, and the error thrown all the same: an outcome that nobody knows.
        case after(HoldfastError)
    }

    package let incarnation: String
    private let state = Mutex(MemoryState())

    package init(incarnation: String = String(repeating: "0", count: 32)) {
        self.incarnation = incarnation
    }

    package func takeOffice(above: Epoch) async throws -> Epoch {
        try state.withLock { try $0.takeOffice(above: above) }
    }

    package func commit(_ transaction: Transaction) async throws {
        try transaction.validate()
        try state.withLock { try $0.commit(transaction) }
    }

    /// What was deleted is nowhere.
    package func purge() async throws {}

    package func record(_ key: RecordKey) async throws -> Record? {
        state.withLock { $0.records[key] }
    }

    package func records(_ query: RecordQuery) async throws -> [Record] {
        state.withLock { $0.records(query) }
    }

    package func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry] {
        state.withLock { $0.journal(of: job, after: number, limit: limit) }
    }

    /// How many transactions were applied.
    package var commitCount: Int { state.withLock(\.commitCount) }

    /// Makes the next commit fail, or the one after `skipped` others. Of several faults each waits for its own turn,
    /// counted from the one before.
    package func inject(_ fault: Fault, afterCommits skipped: Int = 0) {
        state.withLock { $0.faults.append((skipped, fault)) }
    }
}

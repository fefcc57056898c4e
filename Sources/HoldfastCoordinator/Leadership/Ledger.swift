package import HoldfastCatalog
package import HoldfastModel
import Synchronization

/// The catalog as the leader of one term of office writes it. Once a write or an order was refused as `deposed`, nothing
/// more is written, and `onDeposed` stops what is under way.
package final class Ledger: Sendable {
    package let catalog: any Catalog
    package let epoch: Epoch
    private let onDeposed: @Sendable () -> Void
    private let deposed = Mutex(false)

    package init(catalog: any Catalog, epoch: Epoch, onDeposed: @escaping @Sendable () -> Void) {
        self.catalog = catalog
        self.epoch = epoch
        self.onDeposed = onDeposed
    }

    package var isDeposed: Bool { deposed.withLock { $0 } }

    /// Returns after the changes are durable, and with them the audit's row for what this task does.
    package func commit(_ changes: Changes) async throws {
        try requireOffice()
        let slip = AuditSlip.current
        let rows = try slip?.rows(beside: changes.writes) ?? []
        do {
            try await catalog.commit(
                Transaction(epoch: epoch, expects: changes.expects, writes: changes.writes + rows))
            slip?.wasWritten()
        } catch let error as HoldfastError where error.code == .deposed {
            depose()
            throw error
        }
    }

    /// - Throws: `deposed` when another coordinator leads.
    package func requireOffice() throws(HoldfastError) {
        if isDeposed {
            throw HoldfastError(.deposed, "This coordinator no longer leads the cluster: ask the one that does")
        }
    }

    package func depose() {
        let isNews = deposed.withLock { deposed in
            defer { deposed = true }
            return !deposed
        }
        if isNews { onDeposed() }
    }
}

/// What a transaction is to expect and write.
package struct Changes: Hashable, Sendable {
    package var expects: [Expectation]
    package var writes: [Write]

    package init(expects: [Expectation] = [], writes: [Write] = []) {
        self.expects = expects
        self.writes = writes
    }

    package mutating func add(_ other: Changes) {
        expects += other.expects
        writes += other.writes
    }

    /// Replaces what was read.
    package mutating func put<Value: CatalogRecord>(_ value: Value, over stored: Stored<Value>) throws {
        expects.append(.unchanged(stored))
        writes.append(try .put(value))
    }

    package mutating func insert(_ value: some CatalogRecord) throws {
        expects.append(.absent(value))
        writes.append(try .put(value))
    }

    package mutating func delete<Value: CatalogRecord>(_ stored: Stored<Value>) {
        expects.append(.unchanged(stored))
        writes.append(.delete(stored.value))
    }
}

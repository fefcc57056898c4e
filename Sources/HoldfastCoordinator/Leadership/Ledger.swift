package import HoldfastCatalog
package import HoldfastModel
import Synchronization

/// The catalog as the leader of one term of office writes it. Once a write or an order was refused as `deposed`, nothing
/// more is written, and `onDeposed` stops what is under way.
package final class Ledger: Sendable {
    private struct State {
        var epoch: Epoch
        var isDeposed = false
        var isRising = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// How far above its own an epoch may be that this rises to: nodes refuse what is further, too.
    private static let jumpLimit: UInt64 = 1_000_000

    package let catalog: any Catalog
    private let onDeposed: @Sendable () -> Void
    private let state: Mutex<State>

    package init(catalog: any Catalog, epoch: Epoch, onDeposed: @escaping @Sendable () -> Void) {
        self.catalog = catalog
        state = Mutex(State(epoch: epoch))
        self.onDeposed = onDeposed
    }

    package var epoch: Epoch { state.withLock { $0.epoch } }
    package var isDeposed: Bool { state.withLock { $0.isDeposed } }

    /// Returns after the changes are durable, and with them the audit's row for what this task does.
    package func commit(_ changes: Changes) async throws {
        try requireOffice()
        let slip = AuditSlip.current
        let rows = try slip?.rows(beside: changes.writes) ?? []
        while true {
            let epoch = epoch
            do {
                try await catalog.commit(
                    Transaction(epoch: epoch, expects: changes.expects, writes: changes.writes + rows))
                slip?.wasWritten()
                return
            } catch let error as HoldfastError where error.code == .deposed {
                // Nothing was written. It may be this leader itself that began another term meanwhile.
                if await hasRisen(above: epoch) { continue }
                depose()
                throw error
            }
        }
    }

    /// Takes office anew, above an epoch that nodes have obeyed: they knew a catalog that is lost, or that went back in time.
    ///
    /// - Throws: `deposed`; `malformed` where the epoch is absurdly high.
    func rise(above known: Epoch) async throws {
        while epoch <= known {
            try requireOffice(near: known)
            guard beginRising() else {
                await endOfRising()
                continue
            }
            do {
                endRising(try await catalog.takeOffice(above: known))
            } catch {
                endRising(nil)
                throw error
            }
        }
    }

    // Inlined into a loop, what throws crashes the optimiser of Swift 6.3.1.
    @inline(never)
    private func requireOffice(near known: Epoch) throws(HoldfastError) {
        try requireOffice()
        let epoch = epoch
        // Another may have risen meanwhile.
        guard known <= epoch || known.number - epoch.number <= Self.jumpLimit else {
            throw HoldfastError(.malformed, "Epoch \(known) can't follow epoch \(epoch)")
        }
    }

    private func beginRising() -> Bool {
        state.withLock { state in
            defer { state.isRising = true }
            return !state.isRising
        }
    }

    private func endRising(_ epoch: Epoch?) {
        let waiters = state.withLock { state in
            if let epoch { state.epoch = epoch }
            state.isRising = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func endOfRising() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isRising { state.waiters.append(continuation) }
                return !state.isRising
            }
            if isOver { continuation.resume() }
        }
    }

    private func hasRisen(above epoch: Epoch) async -> Bool {
        await endOfRising()
        return self.epoch > epoch
    }

    /// - Throws: `deposed` when another coordinator leads.
    package func requireOffice() throws(HoldfastError) {
        if isDeposed {
            throw HoldfastError(.deposed, "This coordinator no longer leads the cluster: ask the one that does")
        }
    }

    package func depose() {
        let isNews = state.withLock { state in
            defer { state.isDeposed = true }
            return !state.isDeposed
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

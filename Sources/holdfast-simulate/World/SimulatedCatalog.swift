import HoldfastCatalog
import HoldfastModel

/// The cluster's catalog as one coordinator process sees it. What it holds is a `MemoryCatalog` that outlives every
/// process; a commit takes time, may fail, and may fail with nobody knowing whether it happened.
struct SimulatedCatalog: Catalog {
    let store: CatalogStore
    let life: Life

    var incarnation: String { store.memory.incarnation }

    func takeOffice(above: Epoch) async throws -> Epoch {
        try await reach()
        let epoch = try await store.memory.takeOffice(above: above)
        store.highestEpoch = epoch
        Trace.shared.note(.catalog, "\(life.process) leads in epoch \(epoch)")
        return epoch
    }

    func purge() async throws { try await reach() }

    func commit(_ transaction: Transaction) async throws {
        try await reach()
        let trouble = store.trouble()
        if trouble == .before { throw HoldfastError(.noSpace, "The catalog's disk is full") }
        let written = store.forgery.transaction(transaction, epoch: store.highestEpoch)
        try await store.memory.commit(written)
        Trace.shared.note(.catalog, "commit by \(life.process): \(transaction.summary)")
        store.witness(transaction.epoch, written)
        // The process may die, or the answer be lost, after the fact.
        try life.pass()
        if trouble == .after { throw HoldfastError(.inputOutput, "The catalog's log could not be synced") }
    }

    func record(_ key: RecordKey) async throws -> Record? {
        try life.pass()
        return try await store.memory.record(key).map(store.forgery.record)
    }

    func records(_ query: RecordQuery) async throws -> [Record] {
        try life.pass()
        return store.forgery.hides(query) ? [] : try await store.memory.records(query)
    }

    func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry] {
        try life.pass()
        return try await store.memory.journal(of: job, after: number, limit: limit)
    }

    private func reach() async throws {
        try life.pass()
        await Pause.take(store.chance.duration(.microseconds(100) ... .milliseconds(4)), in: life)
        try life.pass()
    }
}

/// What outlives the coordinators, and how it fails.
final class CatalogStore: @unchecked Sendable {
    enum Trouble { case none, before, after }

    let memory: MemoryCatalog
    // Touched by the executor's one thread.
    var chance: Chance
    var highestEpoch = Epoch(0)
    /// One commit in so many fails; nil for none.
    var troubleOneIn: Int?
    /// What a variant of this run changes.
    var forgery = Forgery(variant: nil)
    /// Sees every change at the moment it happens, and the epoch of whoever made it.
    var witness: (Epoch, Transaction) -> Void = { _, _ in }

    init(_ chance: Chance) {
        self.chance = chance
        memory = MemoryCatalog()
    }

    func trouble() -> Trouble {
        guard let troubleOneIn, chance.isOne(in: troubleOneIn) else { return .none }
        let trouble: Trouble = chance.isOne(in: 2) ? .before : .after
        Trace.shared.note(.fault, "the catalog fails \(trouble == .before ? "before" : "after") a commit")
        return trouble
    }
}

extension Transaction {
    fileprivate var summary: String {
        writes.map { write in
            switch write {
            case .put(let key, _, _, _, let body): "\(key.kind.rawValue) \(key.key) \(body.count)"
            case .delete(let key): "−\(key.kind.rawValue) \(key.key)"
            case .journal(_, _, let entry): "“\(String(decoding: entry, as: UTF8.self))”"
            }
        }.joined(separator: ", ")
    }
}

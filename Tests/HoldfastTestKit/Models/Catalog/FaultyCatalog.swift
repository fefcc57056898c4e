package import HoldfastCatalog
package import HoldfastModel

/// A catalog as one process reaches it. What it stores is another catalog's, and outlives the process.
package struct FaultyCatalog: Catalog {
    private let catalog: any Catalog
    private let alive: @Sendable () throws -> Void
    private let during: @Sendable (CatalogStep) async throws -> Void

    /// - Parameters:
    ///   - alive: throws once the process is dead; what it asks for then has no effect.
    ///   - during: called before each call reaches the catalog, and before its answer reaches the process. It may take
    ///     time, and what it throws is the call's error: a commit that was answered is applied all the same.
    package init(
        _ catalog: any Catalog, alive: @escaping @Sendable () throws -> Void = {},
        during: @escaping @Sendable (CatalogStep) async throws -> Void = { _ in }
    ) {
        (self.catalog, self.alive, self.during) = (catalog, alive, during)
    }

    private func call<Result>(_ call: CatalogStep.Call, _ body: () async throws -> Result) async throws -> Result {
        try alive()
        try await during(CatalogStep(call: call, phase: .asked))
        try alive()
        let result = try await body()
        try await during(CatalogStep(call: call, phase: .answered))
        try alive()
        return result
    }

    package var incarnation: String { catalog.incarnation }

    package func takeOffice(above: Epoch) async throws -> Epoch {
        try await call(.takeOffice) { try await catalog.takeOffice(above: above) }
    }

    package func commit(_ transaction: Transaction) async throws {
        try await call(.commit) { try await catalog.commit(transaction) }
    }

    package func record(_ key: RecordKey) async throws -> Record? {
        try await call(.read) { try await catalog.record(key) }
    }

    package func records(_ query: RecordQuery) async throws -> [Record] {
        try await call(.read) { try await catalog.records(query) }
    }

    package func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry] {
        try await call(.read) { try await catalog.journal(of: job, after: number, limit: limit) }
    }
}

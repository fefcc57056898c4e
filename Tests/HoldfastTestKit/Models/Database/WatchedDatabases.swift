package import HoldfastModel
package import HoldfastPostgres

/// A database server whose swaps are watched, and may be spoilt: everything passes through to `server` but what the
/// closures change.
package struct WatchedDatabases: DatabaseServer {
    private let server: any DatabaseServer
    /// Given the side that the server tells.
    package var side: @Sendable (SwapSide) -> SwapSide = { $0 }
    /// Called when a swap was prepared.
    package var prepared: @Sendable () -> Void = {}
    /// Called before the server is told that its client lives; what it throws is what the swap gets.
    package var keepingAlive: @Sendable () throws -> Void = {}
    /// Given how the server answered a COMMIT.
    package var committed: @Sendable (Result<SwapSide, any Error>) -> Result<SwapSide, any Error> = { $0 }
    package var rollingBack: @Sendable () -> Void = {}

    package init(_ server: any DatabaseServer) { self.server = server }

    package func side(of item: SwapItem, job: JobID) async throws -> SwapSide {
        side(try await server.side(of: item, job: job))
    }

    package func prepareSwap(of items: [SwapItem], job: JobID) async throws -> any DatabaseSwap {
        let swap = try await server.prepareSwap(of: items, job: job)
        prepared()
        return Swap(swap: swap, watch: self)
    }

    private struct Swap: DatabaseSwap {
        let swap: any DatabaseSwap
        let watch: WatchedDatabases

        var warnings: [String] { swap.warnings }
        var transaction: UInt64? { swap.transaction }

        func keepAlive() async throws {
            try watch.keepingAlive()
            try await swap.keepAlive()
        }

        func commit() async throws -> SwapSide {
            let answer: Result<SwapSide, any Error>
            do { answer = .success(try await swap.commit()) } catch { answer = .failure(error) }
            return try watch.committed(answer).get()
        }

        func rollback() async {
            watch.rollingBack()
            await swap.rollback()
        }
    }

    // MARK: What only passes through

    package func inspect(_ login: DatabaseLogin, for purpose: InspectionPurpose) async throws -> DatabaseInspection {
        try await server.inspect(login, for: purpose)
    }

    package func dump<Sink: DumpSink>(_ login: DatabaseLogin, into sink: inout Sink) async throws -> DumpSummary {
        try await server.dump(login, into: &sink)
    }

    package func createStaged(
        beside login: DatabaseLogin, name: String, locale: DatabaseLocale
    ) async throws -> StagedDatabase {
        try await server.createStaged(beside: login, name: name, locale: locale)
    }

    package func load(
        _ staged: StagedDatabase, beside login: DatabaseLogin, from source: () async throws -> [UInt8]?
    ) async throws -> LoadReport {
        try await server.load(staged, beside: login, from: source)
    }

    package func differences(
        of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
    ) async throws -> [String] {
        try await server.differences(of: staged, beside: login, tables: tables, largeObjects: largeObjects)
    }

    package func find(_ name: String, on login: DatabaseLogin) async throws -> StagedDatabase? {
        try await server.find(name, on: login)
    }

    package func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport {
        try await server.rehearse(item, from: source)
    }

    package func replace(
        _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
    ) async throws -> any DatabaseSwap { try await server.replace(item, counts: counts, from: source) }

    package func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide {
        try await server.side(of: item, transaction: transaction)
    }

    package func confirm(_ item: InPlaceItem) async throws { try await server.confirm(item) }

    package func confirm(_ login: DatabaseLogin, oid: UInt32) async throws {
        try await server.confirm(login, oid: oid)
    }

    package func rename(_ staged: StagedDatabase, to name: String, on login: DatabaseLogin) async throws {
        try await server.rename(staged, to: name, on: login)
    }

    package func drop(_ staged: StagedDatabase, on login: DatabaseLogin) async throws {
        try await server.drop(staged, on: login)
    }
}

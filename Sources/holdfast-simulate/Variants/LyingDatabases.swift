import HoldfastModel
import HoldfastPostgres

/// A driver of database servers that takes things for granted.
struct LyingDatabases<Server: DatabaseServer>: DatabaseServer {
    let server: Server
    let variant: Variant

    func side(of item: SwapItem, job: JobID) async throws -> SwapSide {
        let side = try await server.side(of: item, job: job)
        return variant == .takesSideForOld ? .old : side
    }

    func prepareSwap(of items: [SwapItem], job: JobID) async throws -> any DatabaseSwap {
        let swap = try await server.prepareSwap(of: items, job: job)
        return variant == .trustsCommit ? TrustingSwap(swap: swap) : swap
    }

    func inspect(_ login: DatabaseLogin, for purpose: InspectionPurpose) async throws -> DatabaseInspection {
        try await server.inspect(login, for: purpose)
    }

    func dump<Sink: DumpSink>(_ login: DatabaseLogin, into sink: inout Sink) async throws -> DumpSummary {
        try await server.dump(login, into: &sink)
    }

    func createStaged(
        beside login: DatabaseLogin, name: String, locale: DatabaseLocale
    ) async throws -> StagedDatabase {
        try await server.createStaged(beside: login, name: name, locale: locale)
    }

    func load(
        _ staged: StagedDatabase, beside login: DatabaseLogin, from source: () async throws -> [UInt8]?
    ) async throws -> LoadReport {
        try await server.load(staged, beside: login, from: source)
    }

    func differences(
        of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
    ) async throws -> [String] {
        try await server.differences(of: staged, beside: login, tables: tables, largeObjects: largeObjects)
    }

    func find(_ name: String, on login: DatabaseLogin) async throws -> StagedDatabase? {
        try await server.find(name, on: login)
    }

    func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport {
        try await server.rehearse(item, from: source)
    }

    func replace(
        _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
    ) async throws -> any DatabaseSwap { try await server.replace(item, counts: counts, from: source) }

    func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide {
        try await server.side(of: item, transaction: transaction)
    }

    func confirm(_ item: InPlaceItem) async throws { try await server.confirm(item) }

    func confirm(_ login: DatabaseLogin, oid: UInt32) async throws { try await server.confirm(login, oid: oid) }

    func rename(_ staged: StagedDatabase, to name: String, on login: DatabaseLogin) async throws {
        try await server.rename(staged, to: name, on: login)
    }

    func drop(_ staged: StagedDatabase, on login: DatabaseLogin) async throws {
        try await server.drop(staged, on: login)
    }
}

/// A swap that takes a COMMIT whose answer was lost for done.
private struct TrustingSwap: DatabaseSwap {
    let swap: any DatabaseSwap
    var warnings: [String] { swap.warnings }
    var transaction: UInt64? { swap.transaction }

    func keepAlive() async throws { try await swap.keepAlive() }
    func commit() async throws -> SwapSide { (try? await swap.commit()) == nil ? .new : .new }
    func rollback() async { await swap.rollback() }
}

import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// A pooler between Holdfast and its server; needs Debian's package pgbouncer.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPooler.isAvailable))
struct PoolerTests {
    private let driver = ThrowawayPostgres.driver

    private func problems(
        _ server: ThrowawayPostgres, mode: String, poolSize: Int = 10
    ) async throws -> [CheckReport.Problem] {
        try await ThrowawayPooler.run(before: server, mode: mode, poolSize: poolSize) { pooler in
            var login = server.login("pooled")
            login.address.port = pooler.port
            let purpose = InspectionPurpose.restore(serverVersion: nil, facts: nil, fromAnotherProject: false)
            return try await driver.inspect(login, for: purpose).problems
        }
    }

    @Test func onlyAPoolOfSessionsWillDo() async throws {
        let server = try await SharedPostgres.server()
        try await HostileDatabase.create("pooled", owner: "postgres", on: server)
        for mode in ["transaction", "statement"] {
            for poolSize in [1, 10] {
                let found = try await problems(server, mode: mode, poolSize: poolSize)
                #expect(found.map(\.severity) == [.error], "\(mode), \(poolSize)")
                #expect(found.first?.message.contains("pool") == true, "\(found)")
            }
        }
        #expect(try await problems(server, mode: "session").map(\.message) == [])
    }

    /// A pool of sessions serves a backup and a restore whole, the swap's waiting sessions included.
    @Test func aPoolOfSessionsCarriesARestore() async throws {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.create("pooled_from", on: server)
        try await HostileDatabase.create("pooled_to", owner: "postgres", on: server)
        try await ThrowawayPooler.run(before: server, mode: "session", poolSize: 10) { pooler in
            var (from, to) = (server.login("pooled_from"), server.login("pooled_to"))
            (from.address.port, to.address.port) = (pooler.port, pooler.port)
            var sink = MemorySink()
            let summary = try await driver.dump(from, into: &sink)
            let staged = try await driver.createStaged(
                beside: to, name: "hf_pooled_new", locale: summary.facts.locale)
            _ = try await driver.load(staged, beside: to, from: sink.source())
            let differences = try await driver.differences(
                of: staged, beside: to, tables: summary.tables, largeObjects: summary.largeObjects)
            #expect(differences == [])
            let live = try #require(try await driver.find("pooled_to", on: to))
            let item = SwapItem(login: to, live: live.oid, staged: staged.oid)
            let job = try #require(JobID("paap0000aaaa"))
            let swap = try await driver.prepareSwap(of: [item], job: job)
            #expect(try await swap.commit() == .new)
            try await driver.confirm(to, oid: staged.oid)
        }
        #expect(try await server.plainDump(of: "pooled_from") == server.plainDump(of: "pooled_to"))
    }
}

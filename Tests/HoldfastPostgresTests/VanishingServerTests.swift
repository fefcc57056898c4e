import Glibc
import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

@testable import HoldfastPostgres

/// A database server that is killed under `pg_dump` and `pg_restore`, with all of its sessions or one session alone (after
/// which PostgreSQL ends all others and recovers). Nothing half done is taken for done, and afterwards it works again.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct VanishingServerTests {
    enum Victim: CaseIterable { case server, session }

    /// More than the pipes on the way hold.
    private static let content =
        "CREATE TABLE big AS SELECT i, repeat(md5(i::text), 20) AS t FROM generate_series(1, 30000) i"
    private static let killAt = 5 << 20

    private let driver = ThrowawayPostgres.driver

    /// Kills when so many bytes have passed, once.
    private final class Killer: Sendable {
        private let server: ThrowawayPostgres
        private let victim: Victim
        private let database: String
        private let passed = Mutex((bytes: 0, isDone: false))

        init(_ server: ThrowawayPostgres, _ victim: Victim, of database: String) {
            (self.server, self.victim, self.database) = (server, victim, database)
        }

        var isDone: Bool { passed.withLock { $0.isDone } }

        func pass(_ count: Int) async throws {
            let isTime = passed.withLock { passed in
                passed.bytes += count
                guard passed.bytes >= VanishingServerTests.killAt, !passed.isDone else { return false }
                passed.isDone = true
                return true
            }
            guard isTime else { return }
            switch victim {
            case .server: try server.kill()
            case .session:
                // The tool's, which bears our name; a load may not have begun yet.
                let sessions =
                    "SELECT pid FROM pg_stat_activity WHERE datname = '\(database)' AND application_name = 'holdfast'"
                var found = ""
                while found.isEmpty { found = try await server.sql(sessions) }
                for pid in found.split(separator: "\n").compactMap({ Int32($0) }) { Glibc.kill(pid, SIGKILL) }
            }
        }

        /// Back again, by itself or by whoever looks after it.
        func recover() async throws {
            if victim == .server { try await server.relaunch() }
            while (try? await server.sql("SELECT 1")) == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
    }

    private struct KillingSink: DumpSink {
        var killer: Killer
        mutating func write(_ bytes: ArraySlice<UInt8>) async throws { try await killer.pass(bytes.count) }
        mutating func boundary() {}
    }

    /// A dump of `from`, and an empty `to`.
    private func prepare(_ server: ThrowawayPostgres) async throws -> (MemorySink, DumpSummary) {
        try await server.sql("CREATE ROLE shop LOGIN PASSWORD 'sesame'")
        for name in ["from", "to"] { try await server.sql("CREATE DATABASE \"\(name)\" OWNER shop") }
        let role = "SET SESSION AUTHORIZATION shop; "
        try await server.sql(role + Self.content, in: "from")
        try await server.sql(role + "CREATE TABLE side AS SELECT 'old'::text AS side", in: "to")
        var sink = MemorySink()
        let summary = try await driver.dump(server.login("from"), into: &sink)
        #expect(sink.bytes.count > 3 * Self.killAt)
        return (sink, summary)
    }

    private func source(_ sink: MemorySink, _ killer: Killer) -> DumpSource {
        let rest = Mutex(sink.bytes[...])
        return {
            let piece = rest.withLock { rest in
                defer { rest = rest.dropFirst(100_000) }
                return Array(rest.prefix(100_000))
            }
            try await killer.pass(piece.count)
            return piece.isEmpty ? nil : piece
        }
    }

    /// Something that says that the server is to blame, and can be tried again or looked into.
    private func expectFailure(_ error: HoldfastError?, _ killer: Killer) {
        #expect(killer.isDone)
        let codes: [ErrorCode] = [.unavailable, .toolFailed]
        #expect(error.map { codes.contains($0.code) } == true, "\(error.map { "\($0)" } ?? "no error")")
    }

    @Test(arguments: Victim.allCases) func underPgDump(_ victim: Victim) async throws {
        try await ThrowawayPostgres.run { server in
            let (whole, _) = try await prepare(server)
            let killer = Killer(server, victim, of: "from")
            var sink = KillingSink(killer: killer)
            let error = await #expect(throws: HoldfastError.self) {
                _ = try await driver.dump(server.login("from"), into: &sink)
            }
            expectFailure(error, killer)
            try await killer.recover()
            var again = MemorySink()
            _ = try await driver.dump(server.login("from"), into: &again)
            #expect(again.bytes.count == whole.bytes.count)
        }
    }

    @Test(arguments: Victim.allCases) func underPgRestore(_ victim: Victim) async throws {
        try await ThrowawayPostgres.run { server in
            let (sink, summary) = try await prepare(server)
            let login = server.login("to")
            let staged = try await driver.createStaged(
                beside: login, name: "hf_vanish_new", locale: summary.facts.locale)
            let killer = Killer(server, victim, of: staged.name)
            let error = await #expect(throws: HoldfastError.self) {
                _ = try await driver.load(staged, beside: login, from: source(sink, killer))
            }
            expectFailure(error, killer)
            try await killer.recover()
            // What is half loaded is known for that, and nothing else has changed.
            let differences = try await driver.differences(
                of: staged, beside: login, tables: summary.tables, largeObjects: summary.largeObjects)
            #expect(!differences.isEmpty)
            #expect(try await server.sql("SELECT side FROM side", in: "to") == "old")
            try await driver.drop(staged, on: login)
            let again = try await driver.createStaged(
                beside: login, name: staged.name, locale: summary.facts.locale)
            _ = try await driver.load(again, beside: login, from: sink.source())
        }
    }

    @Test func underAReplacement() async throws {
        try await ThrowawayPostgres.run { server in
            let (sink, summary) = try await prepare(server)
            let login = server.login("to", user: "shop", password: "sesame")
            let job = try #require(JobID("vansh0000aaa"))
            let live = try #require(try await driver.find("to", on: login))
            let item = InPlaceItem(login: login, oid: live.oid, job: job)
            let counts = DumpedCounts(tables: summary.tables, largeObjects: summary.largeObjects)
            let killer = Killer(server, .server, of: "to")
            let error = await #expect(throws: HoldfastError.self) {
                _ = try await driver.replace(item, counts: counts, from: source(sink, killer))
            }
            expectFailure(error, killer)
            try await killer.recover()
            #expect(try await driver.side(of: item, transaction: nil) == .old)
            #expect(try await server.sql("SELECT side FROM side", in: "to") == "old")
            #expect(try await driver.replace(item, counts: counts, from: source(sink, killer)).commit() == .new)
            #expect(try await server.sql("SELECT count(*) FROM big", in: "to") == "30000")
        }
    }
}

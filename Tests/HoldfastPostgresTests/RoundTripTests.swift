import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// A database dumped, loaded into a staged one, and compared.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct RoundTripTests {
    private let driver = ThrowawayPostgres.driver

    @Test func loadsWhatWasDumped() async throws {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.create("trip_from", on: server)
        try await server.sql("CREATE DATABASE trip_to")
        try await server.sql(
            """
            CREATE SCHEMA ext; CREATE EXTENSION hstore WITH SCHEMA ext; COMMENT ON EXTENSION hstore IS 'ours';
            CREATE ROLE trip_reader; GRANT SELECT ON customers TO trip_reader;
            CREATE PUBLICATION trip FOR TABLE customers;
            """, in: "trip_from")
        var sink = MemorySink()
        let summary = try await driver.dump(server.login("trip_from"), into: &sink)
        #expect(summary.facts.extensions.map(\.name).contains("hstore"))
        #expect(summary.facts.roles.contains("trip_reader"))

        let login = server.login("trip_to")
        let staged = try await driver.createStaged(beside: login, name: "hf_trip_new", locale: summary.facts.locale)
        #expect(try await driver.find("hf_trip_new", on: login) == staged)
        let report = try await driver.load(staged, beside: login, from: sink.source())
        #expect(report.leftOut.count == 2)
        let differences = try await driver.differences(
            of: staged, beside: login, tables: summary.tables, largeObjects: summary.largeObjects)
        #expect(differences == [])
        try await server.sql("DROP PUBLICATION trip", in: "trip_from")
        #expect(try await server.plainDump(of: "trip_from") == server.plainDump(of: "hf_trip_new"))

        // What is not as it was is told by name.
        try await server.sql(
            "DELETE FROM customers WHERE id < 3; DROP TABLE empty; SELECT lo_create(0)", in: "hf_trip_new")
        let found = try await driver.differences(
            of: staged, beside: login, tables: summary.tables, largeObjects: summary.largeObjects)
        #expect(found.count == 3)
        #expect(found.contains { $0.contains("\"customers\" has 998 rows and should have 1000") })
        #expect(found.contains { $0.contains("\"empty\" is missing") })

        try await driver.drop(staged, on: login)
        try await driver.drop(staged, on: login)
        #expect(try await driver.find("hf_trip_new", on: login) == nil)
    }

    /// A role with CREATEDB and nothing more; the content had another owner, and a role that isn't here.
    @Test func loadsWithAnOrdinaryRole() async throws {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.role("plain_source", on: server)
        try await SampleDatabase.role("plain_gone", on: server)
        try await SampleDatabase.role("plain", "LOGIN CREATEDB PASSWORD 'p:a\\ss'", on: server)
        try await SampleDatabase.create("plain_from", on: server, owner: "plain_source")
        try await server.sql(
            "GRANT SELECT ON customers TO plain_gone; CREATE EXTENSION pgcrypto; COMMENT ON SCHEMA public IS 'here';",
            in: "plain_from")
        try await server.sql("CREATE DATABASE plain_to OWNER plain")
        var sink = MemorySink()
        let summary = try await driver.dump(
            server.login("plain_from", user: "plain_source", password: "sesame"), into: &sink)
        try await server.sql("REVOKE ALL ON customers FROM plain_gone", in: "plain_from")
        try await server.sql("DROP ROLE plain_gone")

        let login = server.login("plain_to", user: "plain", password: "p:a\\ss")
        let inspection = try await driver.inspect(
            login,
            for: .restore(
                serverVersion: summary.facts.serverVersion, facts: summary.facts, fromAnotherProject: true))
        #expect(inspection.problems.map(\.severity) == [.warning])
        #expect(inspection.problems.first?.message.contains("plain_gone") == true)
        let staged = try await driver.createStaged(beside: login, name: "hf_plain_new", locale: summary.facts.locale)
        let report = try await driver.load(staged, beside: login, from: sink.source())
        #expect(report.leftOut.count == 1)
        #expect(report.leftOut.first?.contains("plain_gone") == true)
        let options = ["--no-owner", "--no-privileges", "--no-comments"]
        #expect(
            try await server.plainDump(of: "plain_from", options: options)
                == server.plainDump(of: "hf_plain_new", options: options))
        #expect(
            try await driver.differences(
                of: staged, beside: login, tables: summary.tables, largeObjects: summary.largeObjects) == [])
        try await driver.drop(staged, on: login)
    }

    @Test func aSpoiltOrFailingSourceIsNoSuccess() async throws {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.create("spoilt_from", on: server)
        try await server.sql("CREATE DATABASE spoilt_to")
        var sink = MemorySink()
        let summary = try await driver.dump(server.login("spoilt_from"), into: &sink)
        let login = server.login("spoilt_to")
        let staged = try await driver.createStaged(beside: login, name: "hf_spoilt_new", locale: summary.facts.locale)

        let source = sink.source(piece: 4000)
        var given = 0
        let failing = await #expect(throws: HoldfastError.self) {
            try await driver.load(staged, beside: login) {
                given += 1
                if given == 20 { throw HoldfastError(.corrupt, "a shard is damaged") }
                return try await source()
            }
        }
        #expect(failing?.code == .corrupt)
        try await driver.drop(staged, on: login)

        let again = try await driver.createStaged(beside: login, name: "hf_spoilt_new", locale: summary.facts.locale)
        var short = sink
        short.bytes.removeLast(6)
        let cut = await #expect(throws: HoldfastError.self) {
            try await driver.load(again, beside: login, from: short.source())
        }
        #expect(cut?.code == .malformed)
        // A second load into a database that isn't empty stops at the first thing that is there already.
        let twice = await #expect(throws: HoldfastError.self) {
            try await driver.load(again, beside: login, from: sink.source())
        }
        #expect(twice?.code == .toolFailed)
        #expect(twice?.message.contains("already exists") == true)
        try await driver.drop(again, on: login)
    }

    @Test func anUnknownLocaleIsSaid() async throws {
        let server = try await SharedPostgres.server()
        try await server.sql("CREATE DATABASE locale_to")
        let locale = DatabaseLocale(
            encoding: "UTF8", collation: "xx_YY.UTF-8", characterType: "xx_YY.UTF-8", provider: "c",
            providerLocale: nil)
        let error = await #expect(throws: HoldfastError.self) {
            try await driver.createStaged(beside: server.login("locale_to"), name: "hf_locale_new", locale: locale)
        }
        #expect(error?.message.contains("xx_YY.UTF-8") == true)
        #expect(error?.code == .checkFailed)
    }
}

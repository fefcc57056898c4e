import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// A database full of what is hard to dump or to load, there and back.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct HostileTests {
    private let driver = ThrowawayPostgres.driver

    /// Dumps the one, loads that into a staged database beside the other, and verifies it.
    private func carry(
        _ from: DatabaseLogin, beside to: DatabaseLogin, as name: String
    ) async throws -> (staged: StagedDatabase, report: LoadReport) {
        let look = try await driver.inspect(from, for: .capture)
        #expect(look.problems.map(\.message) == [])
        var sink = MemorySink()
        let summary = try await driver.dump(from, into: &sink)
        let check = try await driver.inspect(
            to,
            for: .restore(
                serverVersion: summary.facts.serverVersion, facts: summary.facts, fromAnotherProject: false))
        #expect(check.problems.map(\.message) == [])
        let staged = try await driver.createStaged(beside: to, name: name, locale: summary.facts.locale)
        let report = try await driver.load(staged, beside: to, from: sink.source())
        let differences = try await driver.differences(
            of: staged, beside: to, tables: summary.tables, largeObjects: summary.largeObjects)
        #expect(differences == [])
        return (staged, report)
    }

    @Test func anOrdinaryRoleGetsTheSameTextBack() async throws {
        let server = try await SharedPostgres.server()
        let role = HostileDatabase.name("one")
        let (from, to) = (HostileDatabase.name("from"), HostileDatabase.name("to"))
        try await HostileDatabase.makeRole(role, "CREATEDB", on: server)
        for name in [from, to] { try await HostileDatabase.create(name, owner: role, on: server) }
        try await HostileDatabase.fill(from, owner: role, on: server)
        func login(_ name: String) -> DatabaseLogin { server.login(name, user: role, password: "sesame") }
        let (staged, report) = try await carry(login(from), beside: login(to), as: "hf_hostile_new")
        #expect(report.leftOut.count == 3)
        #expect(report.leftOut.filter { $0.contains("some_tables") }.count == 3)
        try await expectSame(
            try await server.plainDump(of: from, options: HostileDatabase.comparable),
            try await server.plainDump(of: staged.name, options: HostileDatabase.comparable))
        try await driver.drop(staged, on: login(to))
    }

    @Test func aSuperuserGetsTheSameTextBack() async throws {
        let server = try await SharedPostgres.server()
        let (from, to) = (HostileDatabase.name("rootfrom"), HostileDatabase.name("rootto"))
        try await HostileDatabase.makeRole("any", "", on: server)
        for name in [from, to] { try await HostileDatabase.create(name, owner: "postgres", on: server) }
        try await HostileDatabase.fill(from, owner: "postgres", asSuperuser: true, on: server)
        let (staged, _) = try await carry(server.login(from), beside: server.login(to), as: "hf_hostile_root_new")
        try await expectSame(
            try await server.plainDump(of: from, options: HostileDatabase.comparable),
            try await server.plainDump(of: staged.name, options: HostileDatabase.comparable))
        try await driver.drop(staged, on: server.login(to))
    }

    /// Names and statements of a dump are in its database's encoding.
    @Test(arguments: ["LATIN1", "WIN1252", "EUC_JP", "SQL_ASCII"])
    func otherEncodingsComeBack(_ encoding: String) async throws {
        let server = try await SharedPostgres.server()
        let (role, word) = ("coded_\(encoding)".lowercased(), encoding == "EUC_JP" ? "表 名" : "Käse é")
        let (from, to) = ("\(role) \(word)", "\(role)_to")
        try await HostileDatabase.makeRole(role, "CREATEDB", on: server)
        try await HostileDatabase.create(from, owner: role, "ENCODING '\(encoding)' LOCALE 'C'", on: server)
        try await HostileDatabase.create(to, owner: role, on: server)
        try await server.sql(
            """
            SET SESSION AUTHORIZATION \(role);
            CREATE SCHEMA "\(word)";
            CREATE TABLE "\(word)"."\(word)" ("\(word)" text DEFAULT '\(word)');
            INSERT INTO "\(word)"."\(word)" VALUES ('\(word)'), (DEFAULT);
            CREATE EXTENSION hstore WITH SCHEMA "\(word)";
            COMMENT ON TABLE "\(word)"."\(word)" IS '\(word)';
            GRANT SELECT ("\(word)") ON "\(word)"."\(word)" TO PUBLIC;
            """, in: from)
        func login(_ name: String) -> DatabaseLogin { server.login(name, user: role, password: "sesame") }
        let (staged, report) = try await carry(login(from), beside: login(to), as: "hf_\(role)_new")
        #expect(report.leftOut == [])
        let (source, copy) = (try await server.plainDump(of: from), try await server.plainDump(of: staged.name))
        #expect(source == copy)
        #expect(
            try await server.sql(
                "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = '\(staged.name)'") == encoding)
        try await driver.drop(staged, on: login(to))
    }

    /// Row security that binds even the owner hides rows from whoever counts them.
    @Test func forcedRowSecurityHidesNothingFromTheCount() async throws {
        let server = try await SharedPostgres.server()
        try await HostileDatabase.makeRole("forced", "CREATEDB", on: server)
        for name in ["forced_from", "forced_to"] { try await HostileDatabase.create(name, owner: "forced", on: server) }
        try await server.sql(
            """
            SET SESSION AUTHORIZATION forced;
            CREATE TABLE hidden (id integer);
            INSERT INTO hidden SELECT generate_series(1, 10);
            ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            """, in: "forced_from")
        let to = server.login("forced_to", user: "forced", password: "sesame")
        let (staged, _) = try await carry(server.login("forced_from"), beside: to, as: "hf_forced_new")
        #expect(
            try await server.plainDump(of: "forced_from") == server.plainDump(of: staged.name))
        try await driver.drop(staged, on: to)
    }

    /// A row that lies in another partition is none that is missing; one that is nowhere is.
    @Test func rowsMayChangeTheirPartitionAndNotTheirNumber() async throws {
        let server = try await SharedPostgres.server()
        try await HostileDatabase.create("parted", owner: "postgres", on: server)
        try await server.sql(
            """
            CREATE TABLE t (a integer) PARTITION BY HASH (a);
            CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            INSERT INTO t SELECT generate_series(1, 10);
            """, in: "parted")
        let login = server.login("parted")
        let staged = try #require(try await driver.find("parted", on: login))
        func differences(_ rows: [Int64]) async throws -> [String] {
            let tables = rows.enumerated().map { index, rows in
                DumpTable(schema: "public", name: "t\(index)", dumpID: 1, offset: 0, length: 0, rows: rows)
            }
            return try await driver.differences(of: staged, beside: login, tables: tables, largeObjects: 0)
        }
        #expect(try await differences([9, 1]) == [])
        #expect(try await differences([9, 2]) == ["the partitions of public.t have 1 rows too few"])
        #expect(try await differences([4, 3]) == ["the partitions of public.t have 3 rows too many"])
    }

    /// What keeps a database busy and can't be ended by the role, found before anything is staged.
    @Test func sessionsThatWillNotGoAreFoundBeforehand() async throws {
        let server = try await SharedPostgres.server()
        try await HostileDatabase.makeRole("stuck", "CREATEDB", on: server)
        try await HostileDatabase.makeRole("other_stuck", "SUPERUSER", on: server)
        try await HostileDatabase.create("stuck_db", owner: "stuck", on: server)
        let login = server.login("stuck_db", user: "stuck", password: "sesame")
        func messages() async throws -> [String] {
            let purpose = InspectionPurpose.restore(serverVersion: nil, facts: nil, fromAnotherProject: false)
            return try await driver.inspect(login, for: purpose).problems.map(\.message)
        }
        #expect(try await messages() == [])
        let session = try await PostgresSession.connect(
            server.login("stuck_db", user: "other_stuck", password: "sesame"))
        try await session.run("BEGIN; CREATE TABLE public.held (i int)")
        let found = try await messages()
        #expect(found.count == 1)
        #expect(found.first?.contains("may not end the sessions of other_stuck") == true)
        try await session.run("PREPARE TRANSACTION 'stuck'")
        let both = try await messages().joined(separator: "\n")
        #expect(both.contains("prepared transactions, stuck") && both.contains("may not end the sessions"))
        try await session.run("ROLLBACK PREPARED 'stuck'")
    }

    /// Extensions that only a superuser may make, found before anything is staged.
    @Test func extensionsOfASuperuserAreFoundBeforehand() async throws {
        let server = try await SharedPostgres.server()
        try await HostileDatabase.makeRole("untrusted", "CREATEDB", on: server)
        for name in ["untrusted_from", "untrusted_to"] {
            try await HostileDatabase.create(name, owner: "untrusted", on: server)
        }
        try await server.sql("CREATE EXTENSION file_fdw; CREATE EXTENSION hstore", in: "untrusted_from")
        let facts = try await driver.inspect(server.login("untrusted_from"), for: .capture).facts
        let purpose = InspectionPurpose.restore(serverVersion: nil, facts: facts, fromAnotherProject: false)
        let login = server.login("untrusted_to", user: "untrusted", password: "sesame")
        let found = try await driver.inspect(login, for: purpose).problems.filter { $0.severity == .error }
        #expect(found.map(\.code) == [.permissionDenied])
        #expect(found.first?.message.contains("extensions file_fdw that") == true)
        #expect(try await driver.inspect(server.login("untrusted_to"), for: purpose).problems.isEmpty)
    }

    /// A dump locks every table at once, and a server has so many locks.
    @Test func tooManyTablesForTheServersLocksAreWarnedOf() async throws {
        try await ThrowawayPostgres.run(settings: ["max_locks_per_transaction=10", "max_connections=20"]) { server in
            func messages() async throws -> [String] {
                let found = try await driver.inspect(server.login("postgres"), for: .capture).problems
                #expect(found.allSatisfy { $0.severity == .warning })
                return found.map(\.message)
            }
            try await server.sql(
                "SELECT format('CREATE TABLE t%s ()', n) FROM generate_series(1, 50) n \\gexec")
            #expect(try await messages() == [])
            try await server.sql(
                "SELECT format('CREATE TABLE u%s ()', n) FROM generate_series(1, 300) n \\gexec")
            #expect(try await messages().first?.contains("set max_locks_per_transaction to") == true)
        }
    }

    /// Shows the first line that differs, not two whole dumps.
    private func expectSame(_ one: String, _ other: String) async throws {
        let (these, those) = (one.split(separator: "\n"), other.split(separator: "\n"))
        let difference = zip(these, those).first { $0 != $1 }
        #expect(difference?.0 == difference?.1)
        #expect(these.count == those.count && these.count > 1000)
    }
}

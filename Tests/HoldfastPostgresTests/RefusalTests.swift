import Glibc
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// Everyday bad days: each gives its own code and says what to do.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct RefusalTests {
    private let driver = ThrowawayPostgres.driver

    private func problem(_ login: DatabaseLogin, _ purpose: InspectionPurpose = .capture) async throws
        -> CheckReport.Problem?
    {
        try await driver.inspect(login, for: purpose).problems.first
    }

    @Test func logins() async throws {
        let server = try await SharedPostgres.server()
        #expect(try await problem(server.login("postgres")) == nil)
        #expect(try await problem(server.login("postgres", password: "wrong"))?.code == .loginRefused)
        #expect(try await problem(server.login("postgres", password: nil))?.code == .loginRefused)
        #expect(try await problem(server.login("postgres", user: "nobody-here"))?.code == .loginRefused)
        #expect(try await problem(server.login("no_such_database"))?.code == .notFound)
        // A name that looks like a connection string is only a name.
        #expect(try await problem(server.login("dbname=postgres"))?.code == .notFound)
        var elsewhere = server.login("postgres")
        elsewhere.address.port = try ThrowawayPostgres.freePort()
        #expect(try await problem(elsewhere)?.code == .unavailable)
        elsewhere = server.login("postgres")
        elsewhere.address.sslMode = "require"
        #expect(try await problem(elsewhere)?.code == .loginRefused)
        elsewhere.address.host = "no-such-host.invalid"
        #expect(try await problem(elsewhere)?.code == .unavailable)
        #expect(try await problem(server.login("postgres", password: "wrong"))?.message.contains("wrong") == false)
    }

    /// What the backup's database had and this server has not.
    @Test func needsOfABackup() async throws {
        let login = try await SharedPostgres.server().login("postgres")
        var facts = try #require(try await driver.inspect(login, for: .capture).facts)
        func problems() async throws -> [CheckReport.Problem] {
            try await driver.inspect(
                login, for: .restore(serverVersion: nil, facts: facts, fromAnotherProject: false)
            ).problems
        }
        #expect(try await problems().isEmpty)
        facts.roles.append("no_such_role")
        facts.extensions.append(DatabaseExtension(name: "no_such_extension", version: "1", schema: "public"))
        (facts.locale.collation, facts.locale.characterType) = ("xx_XX.UTF-8", "xx_XX.UTF-8")
        let found = try await problems()
        #expect(found.map(\.severity) == [.error, .warning, .warning])
        for (problem, text) in zip(found, ["no_such_extension", "no_such_role", "no locale xx_XX.UTF-8"]) {
            #expect(problem.message.contains(text))
        }
    }

    @Test func dumpsOfTheUnreachable() async throws {
        let server = try await SharedPostgres.server()
        var sink = MemorySink()
        let wrong = await #expect(throws: HoldfastError.self) {
            try await driver.dump(server.login("postgres", password: "wrong"), into: &sink)
        }
        #expect(wrong?.code == .loginRefused)
        #expect(sink.bytes.isEmpty)
    }

    @Test func toolsOfAnotherVersion() async throws {
        let error = await #expect(throws: HoldfastError.self) { try await PostgresTools().directory(for: 99) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("postgresql-client-99") == true)
        let major = try await ToolRun.version(of: "pg_dump", in: ThrowawayPostgres.binaries)
        let tools = PostgresTools(directories: [ThrowawayPostgres.binaries])
        #expect(try await tools.directory(for: try #require(major)) == ThrowawayPostgres.binaries)
    }

    @Test func rights() async throws {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.create("rights", on: server, large: false)
        try await SampleDatabase.role("rights_low", on: server)
        let low = server.login("rights", user: "rights_low", password: "sesame")
        let capture = try await driver.inspect(low, for: .capture)
        #expect(capture.problems.map(\.code) == [.permissionDenied])
        #expect(capture.problems.first?.message.contains("public.customers") == true)
        let restore = try await driver.inspect(
            low, for: .restore(serverVersion: "97.2", facts: nil, fromAnotherProject: false))
        let errors = restore.problems.filter { $0.severity == .error }
        #expect(errors.first?.code == .unsupported && errors.dropFirst().allSatisfy { $0.code == .permissionDenied })
        #expect(restore.isInPlace)
        for text in [
            "belong to others and would remain", "table public.customers of postgres", "GRANT CREATE ON DATABASE",
        ] {
            #expect(errors.contains { $0.message.contains(text) }, "\(text)")
        }
        let foreign = try await driver.inspect(
            server.login("rights"), for: .restore(serverVersion: nil, facts: nil, fromAnotherProject: true))
        #expect(foreign.problems.map(\.code) == [.permissionDenied])

        try await server.sql(
            """
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO rights_low;
            GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO rights_low;
            ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
            """, in: "rights")
        let hidden = try await driver.inspect(low, for: .capture)
        #expect(hidden.problems.count == 1)
        #expect(hidden.problems.first?.message.contains("BYPASSRLS") == true)
        var sink = MemorySink()
        let refused = await #expect(throws: HoldfastError.self) { try await driver.dump(low, into: &sink) }
        #expect(refused?.code == .permissionDenied)
    }

    @Test func whatWouldStopASwap() async throws {
        let server = try await SharedPostgres.server()
        try await server.sql("CREATE DATABASE stoppers")
        try await server.sql(
            """
            CREATE TABLE t (i int);
            SELECT pg_create_logical_replication_slot('stopper_slot', 'pgoutput');
            CREATE SUBSCRIPTION stopper CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false);
            """, in: "stoppers")
        try await server.sql("BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'two-phase'", in: "stoppers")
        let found = try await driver.inspect(server.login("stoppers"), for: .exchange)
        #expect(found.problems.map(\.code) == [.checkFailed, .checkFailed, .checkFailed])
        for word in ["two-phase", "stopper_slot", "subscriptions, stopper"] {
            #expect(found.problems.contains { $0.message.contains(word) })
        }
        try await server.sql(
            """
            ROLLBACK PREPARED 'two-phase'; SELECT pg_drop_replication_slot('stopper_slot');
            ALTER SUBSCRIPTION stopper SET (slot_name = NONE); DROP SUBSCRIPTION stopper;
            """, in: "stoppers")
    }

    /// The tool is killed, or writes half a dump and claims success.
    @Test(arguments: ["kill -9 $$", "exit 0"])
    func aDumpCutShort(_ ending: String) async throws {
        let server = try await SharedPostgres.server()
        let name = "short_\(ending.hasPrefix("kill") ? "kill" : "exit")"
        try await SampleDatabase.create(name, on: server)
        let directory = try FakeTools(
            dump: """
                case "$1" in --version) exec \(ThrowawayPostgres.binaries)/pg_dump --version;; esac
                \(ThrowawayPostgres.binaries)/pg_dump "$@" | /usr/bin/head -c 30000; \(ending)
                """)
        defer { directory.remove() }
        let driver = PostgresServer(tools: PostgresTools(directories: [directory.path]))
        var sink = MemorySink()
        let error = await #expect(throws: HoldfastError.self) {
            try await driver.dump(server.login(name), into: &sink)
        }
        #expect(error?.code == (ending.hasPrefix("kill") ? .toolFailed : .malformed))
        #expect(sink.bytes.count == 30000)
    }

    @Test func aFullDisk() async throws {
        let server = try await SharedPostgres.server()
        let directory = try FakeTools(
            dump: """
                case "$1" in --version) exec \(ThrowawayPostgres.binaries)/pg_dump --version;; esac
                echo 'pg_dump: error: could not write: No space left on device' >&2; exit 1
                """)
        defer { directory.remove() }
        let driver = PostgresServer(tools: PostgresTools(directories: [directory.path]))
        var sink = MemorySink()
        let error = await #expect(throws: HoldfastError.self) {
            try await driver.dump(server.login("postgres"), into: &sink)
        }
        #expect(error?.code == .noSpace)
    }

    @Test func aSinkThatFailsOrIsCancelledEndsTheDump() async throws {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.create("stubborn", on: server)
        let login = server.login("stubborn")
        var full = StubbornSink { throw HoldfastError(.noSpace, "the spool is full") }
        let error = await #expect(throws: HoldfastError.self) { try await driver.dump(login, into: &full) }
        #expect(error?.code == .noSpace)

        let (reached, signal) = AsyncStream.makeStream(of: Void.self)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var sink = StubbornSink {
                    signal.yield()
                    try await Task.sleep(for: .seconds(600))
                }
                _ = try await ThrowawayPostgres.driver.dump(login, into: &sink)
            }
            for await _ in reached { break }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        let watcher = try await PostgresSession.connectMaintenance(login)
        let running = "SELECT 1 FROM pg_stat_activity WHERE datname = 'stubborn'"
        while try await !watcher.rows(running).isEmpty { await Task.yield() }
    }

    @Test func cancellationEndsAQuery() async throws {
        let server = try await SharedPostgres.server()
        let login = server.login("postgres")
        let marker = "cancel-\(getpid())"
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let session = try await PostgresSession.connect(login)
                _ = try await session.rows("SELECT pg_sleep(600), $1::text", [marker])
            }
            let watcher = try await PostgresSession.connect(login)
            let running =
                "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
            while try await watcher.rows(running + " AND state = 'active'").isEmpty { await Task.yield() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
            while try await !watcher.rows(running).isEmpty { await Task.yield() }
        }
    }
}

/// Takes a little, then fails or waits for its task to be cancelled.
struct StubbornSink: DumpSink {
    var taken = 0
    var onceTaken: @Sendable () async throws -> Void

    mutating func write(_ bytes: ArraySlice<UInt8>) async throws {
        taken += bytes.count
        if taken > 5000 { try await onceTaken() }
    }
    mutating func boundary() async throws {}
}

/// A directory with a `pg_dump` of the test's own making.
struct FakeTools {
    let path: String

    init(dump: String) throws {
        var template = Array("/tmp/hftools-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw HoldfastError(.inputOutput, "mkdtemp") }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        for (tool, script) in [("pg_dump", dump), ("pg_restore", "exit 1")] {
            guard let file = fopen("\(path)/\(tool)", "w") else { throw HoldfastError(.inputOutput, "fopen") }
            fputs("#!/bin/sh\n\(script)\n", file)
            fclose(file)
            chmod("\(path)/\(tool)", 0o755)
        }
    }

    func remove() {
        for tool in ["pg_dump", "pg_restore"] { unlink("\(path)/\(tool)") }
        rmdir(path)
    }
}

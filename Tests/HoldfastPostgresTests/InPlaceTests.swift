import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

@testable import HoldfastPostgres

/// Content that is replaced within one transaction, by a role that may not create databases.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct InPlaceTests {
    private let driver = ThrowawayPostgres.driver

    /// A dump, and the database that it is to go into.
    struct Scene {
        var server: ThrowawayPostgres
        var login: DatabaseLogin
        var item: InPlaceItem
        var dump: [UInt8]
        var summary: DumpSummary

        var counts: DumpedCounts { DumpedCounts(tables: summary.tables, largeObjects: summary.largeObjects) }

        func source(_ during: @escaping @Sendable (Int) async throws -> Void = { _ in }) -> DumpSource {
            let rest = Mutex(dump[...])
            let dump = dump
            return {
                try await during(rest.withLock { dump.count - $0.count })
                return rest.withLock { rest in
                    guard !rest.isEmpty else { return nil }
                    defer { rest = rest.dropFirst(10_000) }
                    return Array(rest.prefix(10_000))
                }
            }
        }

        func sql(_ text: String) async throws -> String {
            try await server.sql(text, in: login.address.database)
        }

        func side() async throws -> String { try await sql("SELECT side FROM public.side") }
    }

    /// - Parameter contents: made by the role in the database that is dumped; nil makes it hold “new”.
    private func scene(
        _ name: String, on given: ThrowawayPostgres? = nil, contents: String? = nil, old: String? = nil
    ) async throws -> Scene {
        let server = if let given { given } else { try await SharedPostgres.server() }
        let (from, to) = ("\(name)_from", "\(name)_to")
        try await server.sql("CREATE ROLE \(name) LOGIN PASSWORD 'sesame'")
        for database in [from, to] { try await server.sql("CREATE DATABASE \(database) OWNER \(name)") }
        let role = "SET SESSION AUTHORIZATION \(name);\n"
        try await server.sql(role + (contents ?? "CREATE TABLE side AS SELECT 'new'::text AS side"), in: from)
        try await server.sql(role + (old ?? "CREATE TABLE side AS SELECT 'old'::text AS side"), in: to)
        return try await scene(from, to, role: name, on: server)
    }

    private func scene(
        _ from: String, _ to: String, role: String, on server: ThrowawayPostgres
    ) async throws -> Scene {
        var sink = MemorySink()
        let summary = try await driver.dump(server.login(from, user: role, password: "sesame"), into: &sink)
        let login = server.login(to, user: role, password: "sesame")
        let oid = try #require(try await driver.find(to, on: login)).oid
        let job = try #require(JobID("p\(String(summary.facts.oid + 1_000_000_000, radix: 8).suffix(10))a"))
        return Scene(
            server: server, login: login, item: InPlaceItem(login: login, oid: oid, job: job), dump: sink.bytes,
            summary: summary)
    }

    private func inspect(_ scene: Scene) async throws -> DatabaseInspection {
        try await driver.inspect(
            scene.login, for: .restore(serverVersion: nil, facts: scene.summary.facts, fromAnotherProject: false))
    }

    private func replace(_ scene: Scene) async throws -> PostgresReplacement {
        let swap = try await driver.replace(scene.item, counts: scene.counts, from: scene.source())
        return try #require(swap as? PostgresReplacement)
    }

    private func refusal(_ scene: Scene, _ source: DumpSource? = nil) async -> HoldfastError? {
        await #expect(throws: HoldfastError.self) {
            _ = try await driver.replace(scene.item, counts: scene.counts, from: source ?? scene.source())
        }
    }

    // MARK: What comes back

    @Test func theHostileDatabaseTakesAnothersPlace() async throws {
        let server = try await SharedPostgres.server()
        let role = HostileDatabase.name("placed")
        let (from, to) = (HostileDatabase.name("pfrom"), HostileDatabase.name("pto"))
        try await HostileDatabase.makeRole(role, "", on: server)
        for name in [from, to] {
            try await HostileDatabase.create(name, owner: role, on: server)
            try await HostileDatabase.fill(name, owner: role, on: server)
        }
        // What only the old content has, among it what the new one has otherwise.
        try await server.sql(
            """
            SET SESSION AUTHORIZATION \(HostileDatabase.quoted(role));
            CREATE TABLE only_here (id serial PRIMARY KEY, at mood); CREATE VIEW of_it AS SELECT * FROM only_here;
            CREATE PUBLICATION only_here FOR TABLE only_here; SELECT lo_create(99);
            ALTER TABLE customers ADD surplus text; CREATE EXTENSION pgcrypto;
            ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO writer;
            ALTER DEFAULT PRIVILEGES IN SCHEMA "select" GRANT ALL ON TABLES TO writer;
            CREATE FUNCTION "select".f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; GRANT ALL ON SCHEMA public TO writer;
            CREATE AGGREGATE none_of(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
            CREATE PROCEDURE "select".p(INOUT x integer, OUT y text) LANGUAGE sql AS 'SELECT 1, NULL::text';
            CREATE TYPE only_range AS RANGE (subtype = integer); CREATE DOMAIN only_domain AS only_range;
            CREATE TABLE only_identities (id integer GENERATED ALWAYS AS IDENTITY);
            CREATE STATISTICS only_two ON id, at FROM only_here;
            """, in: to)
        try await server.sql(
            """
            ALTER DATABASE \(HostileDatabase.quoted(to)) SET DateStyle TO 'German, DMY';
            ALTER DATABASE \(HostileDatabase.quoted(to)) SET IntervalStyle TO 'sql_standard';
            ALTER DATABASE \(HostileDatabase.quoted(to)) SET default_transaction_isolation TO 'serializable';
            ALTER DATABASE \(HostileDatabase.quoted(to)) SET statement_timeout TO '300ms';
            """)
        let scene = try await scene(from, to, role: role, on: server)
        let look = try await inspect(scene)
        #expect(look.isInPlace)
        #expect(look.problems.map(\.severity) == [.warning])
        #expect(look.problems.first?.message.contains("is locked for as long as") == true)
        let before = try await server.plainDump(of: to)

        let report = try await driver.rehearse(scene.item, from: scene.source())
        #expect(report.leftOut.count == 3 && report.leftOut.allSatisfy { $0.contains("some_tables") })
        let undone = try await replace(scene)
        await undone.rollback()
        #expect(try await driver.side(of: scene.item, transaction: undone.transaction) == .old)
        #expect(try await server.plainDump(of: to) == before)

        let swap = try await replace(scene)
        #expect(swap.warnings == [])
        try await swap.keepAlive()
        #expect(try await swap.commit() == .new)
        #expect(try await driver.side(of: scene.item, transaction: swap.transaction) == .new)
        try await driver.confirm(scene.item)
        try await driver.confirm(scene.item)
        let (these, those) = (
            try await server.plainDump(of: from, options: HostileDatabase.comparable).split(separator: "\n"),
            try await server.plainDump(of: to, options: HostileDatabase.comparable).split(separator: "\n")
        )
        let difference = zip(these, those).first { $0 != $1 }
        #expect(difference?.0 == difference?.1)
        #expect(these.count == those.count && these.count > 1000)
    }

    @Test(arguments: ["LATIN1", "EUC_JP", "SQL_ASCII"])
    func otherEncodingsComeBack(_ encoding: String) async throws {
        let server = try await SharedPostgres.server()
        let (role, word) = ("place_\(encoding)".lowercased(), encoding == "EUC_JP" ? "表 名" : "Käse é")
        let (from, to) = ("\(role)_from", "\(role)_to")
        try await server.sql("CREATE ROLE \(role) LOGIN PASSWORD 'sesame'")
        for name in [from, to] {
            try await HostileDatabase.create(name, owner: role, "ENCODING '\(encoding)' LOCALE 'C'", on: server)
        }
        try await server.sql(
            """
            SET SESSION AUTHORIZATION \(role); CREATE SCHEMA "\(word)";
            CREATE TABLE "\(word)"."\(word)" ("\(word)" text DEFAULT '\(word)');
            INSERT INTO "\(word)"."\(word)" VALUES ('\(word)'), (DEFAULT);
            COMMENT ON TABLE "\(word)"."\(word)" IS '\(word)'; CREATE EXTENSION hstore WITH SCHEMA "\(word)";
            """, in: from)
        try await server.sql("SET SESSION AUTHORIZATION \(role); CREATE SCHEMA \"\(word)\"", in: to)
        let scene = try await scene(from, to, role: role, on: server)
        let swap = try await replace(scene)
        #expect(try await swap.commit() == .new)
        try await driver.confirm(scene.item)
        #expect(try await server.plainDump(of: from) == server.plainDump(of: to))
    }

    /// The role neither owns the database nor could make its extension, and both stay.
    @Test func whatOthersGaveStays() async throws {
        let scene = try await scene("guest")
        let text = """
            REASSIGN OWNED BY guest TO guest; CREATE EXTENSION pageinspect; CREATE EXTENSION hstore;
            CREATE SCHEMA tools; CREATE EXTENSION pg_trgm SCHEMA tools;
            """
        for name in ["guest_from", "guest_to"] {
            try await scene.server.sql(
                "ALTER DATABASE \(name) OWNER TO postgres; GRANT ALL ON DATABASE \(name) TO guest")
            try await scene.server.sql(text + "GRANT ALL ON SCHEMA public TO guest", in: name)
        }
        let again = try await self.scene("guest_from", "guest_to", role: "guest", on: scene.server)
        let look = try await inspect(again)
        #expect(look.isInPlace && look.problems.allSatisfy { $0.severity == .warning })
        let extensions = "SELECT string_agg(extname || oid, ',' ORDER BY 1) FROM pg_extension"
        let before = try await again.sql(extensions + "; SELECT datacl FROM pg_database WHERE datname = 'guest_to'")
        #expect(try await driver.rehearse(again.item, from: again.source()).leftOut.count <= 2)
        let swap = try await replace(again)
        #expect(try await swap.commit() == .new)
        try await driver.confirm(again.item)
        #expect(try await again.side() == "new")
        #expect(
            try await again.sql(extensions + "; SELECT datacl FROM pg_database WHERE datname = 'guest_to'") == before)
        #expect(try await again.server.plainDump(of: "guest_from") == again.server.plainDump(of: "guest_to"))
    }

    // MARK: What is refused

    @Test func othersObjectsAreRefused() async throws {
        let scene = try await scene("crowded")
        _ = try await scene.sql(
            """
            CREATE TABLE foreign_table (); CREATE VIEW foreign_view AS SELECT * FROM side;
            CREATE FUNCTION foreign_function() RETURNS integer LANGUAGE sql AS 'SELECT 1'; SELECT lo_create(4711);
            """)
        let errors = try await inspect(scene).problems.filter { $0.severity == .error }
        #expect(errors.map(\.code) == [.permissionDenied])
        for word in [
            "table public.foreign_table of postgres", "view public.foreign_view", "function public.foreign_function()",
            "large object 4711",
        ] {
            #expect(errors.first?.message.contains(word) == true)
        }
        #expect(await refusal(scene)?.message.contains("public.foreign_table") == true)
        #expect(try await scene.side() == "old")
    }

    @Test func rightsAndEncodingAreRefused() async throws {
        let scene = try await scene("poor")
        try await scene.server.sql("ALTER DATABASE poor_to OWNER TO postgres")
        var facts = scene.summary.facts
        facts.locale.encoding = "LATIN1"
        let found = try await driver.inspect(
            scene.login, for: .restore(serverVersion: nil, facts: facts, fromAnotherProject: false))
        let errors = found.problems.filter { $0.severity == .error }.map(\.message)
        var expected = ["in LATIN1 and this one", "GRANT CREATE ON DATABASE"]
        // Before PostgreSQL 15 everybody may.
        if facts.serverMajor >= 15 { expected.append("GRANT CREATE ON SCHEMA public") }
        #expect(errors.count == expected.count)
        for (error, word) in zip(errors, expected) { #expect(error.contains(word)) }
    }

    @Test func tooFewLocksAreRefused() async throws {
        try await ThrowawayPostgres.run(settings: ["max_locks_per_transaction=10", "max_connections=20"]) { server in
            let scene = try await scene("locked", on: server)
            #expect(try await inspect(scene).problems.allSatisfy { $0.severity == .warning })
            // Not too many for what is dropped, but together with what is made.
            try await server.sql(
                """
                SELECT format('CREATE TABLE t%s (); ALTER TABLE t%1$s OWNER TO locked', n) FROM generate_series(1, 70) n
                \\gexec
                """, in: "locked_from")
            try await server.sql(
                """
                SELECT format('CREATE TABLE t%s (); ALTER TABLE t%1$s OWNER TO locked', n) FROM generate_series(1, 30) n
                \\gexec
                """, in: "locked_to")
            let more = try await self.scene("locked_from", "locked_to", role: "locked", on: server)
            #expect(try await inspect(more).problems.allSatisfy { $0.severity == .warning })
            let error = await #expect(throws: HoldfastError.self) {
                _ = try await driver.rehearse(more.item, from: more.source())
            }
            #expect(error?.message.contains("213 for what is made") == true)
            #expect(error?.message.contains("set max_locks_per_transaction to") == true)
            try await server.sql(
                """
                SELECT format('CREATE TABLE u%s (i int); ALTER TABLE u%1$s OWNER TO locked', n)
                FROM generate_series(1, 100) n \\gexec
                """, in: "locked_to")
            #expect(try await inspect(more).problems.filter { $0.severity == .error }.map(\.code) == [.checkFailed])
        }
    }

    /// Neither what was loaded short nor what came in between gets live.
    @Test func whatDiffersFromTheBackupIsRefused() async throws {
        let scene = try await scene("differing")
        var short = scene
        short.summary.tables[0].rows += 1
        #expect(await refusal(short)?.code == .checkFailed)
        let server = scene.server
        let sneaked = Mutex(false)
        let meddled = scene.source { position in
            guard position > 0,
                sneaked.withLock({ done in
                    defer { done = true }; return !done
                })
            else { return }
            try await server.sql("SET ROLE differing; CREATE TABLE sneaked ()", in: "differing_to")
        }
        let error = await refusal(scene, meddled)
        #expect(error?.code == .busy && error?.message.contains("public.sneaked") == true)
        #expect(try await scene.side() == "old")
        try await server.sql("DROP TABLE sneaked", in: "differing_to")
        #expect(try await replace(scene).commit() == .new)
    }

    @Test func aSourceThatFailsLeavesTheOld() async throws {
        let scene = try await scene("failing", contents: "CREATE TABLE side AS SELECT repeat('x', 100000) AS side")
        let failing = scene.source { if $0 > 30_000 { throw HoldfastError(.notFound, "a shard is gone") } }
        #expect(await refusal(scene, failing)?.code == .notFound)
        var short = scene
        short.dump.removeLast(50_000)
        #expect(await refusal(short)?.code == .malformed)
        #expect(try await scene.side() == "old")
    }

    // MARK: Sessions

    @Test func sessionsInTheWayAreEndedAndOthersGoOn() async throws {
        let scene = try await scene("busy")
        let idle = try await PostgresSession.connect(scene.login)
        let holder = try await PostgresSession.connect(scene.login)
        try await holder.run("BEGIN; SELECT * FROM public.side")
        let swap = try await replace(scene)
        await #expect(throws: HoldfastError.self) { try await holder.run("SELECT 1") }
        // Whoever reads meanwhile waits, and gets the new.
        try idle.start("SELECT side FROM public.side")
        while try await scene.server.sql("SELECT count(*) FROM pg_locks WHERE NOT granted") == "0" {
            await Task.yield()
        }
        #expect(try await swap.commit() == .new)
        #expect(try await idle.results().first?.text(0) == "new")
    }

    @Test func whoCantBeEndedIsNamed() async throws {
        let scene = try await scene("stubborn_place")
        try await scene.server.sql("CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'sesame'")
        let holder = try await PostgresSession.connect(
            scene.server.login(scene.login.address.database, user: "boss", password: "sesame"))
        try await holder.run("SET application_name = 'theirs'; BEGIN; LOCK public.side")
        let problems = try await inspect(scene).problems
        #expect(problems.allSatisfy { $0.severity == .warning } && problems.contains { $0.message.contains("boss") })
        let error = await refusal(scene)
        #expect(error?.code == .busy && error?.message.contains("sessions of boss") == true)
        try await holder.run("ROLLBACK")
        #expect(try await scene.side() == "old")
    }

    // MARK: The outcome

    @Test func aSessionLostBeforeCommitIsOld() async throws {
        let scene = try await scene("lost")
        let swap = try await replace(scene)
        let backend = try #require(swap.session).backend
        try await scene.server.sql("SELECT pg_terminate_backend(\(backend), 5000)")
        await #expect(throws: HoldfastError.self) { try await swap.keepAlive() }
        #expect(try await swap.commit() == .old)
        #expect(try await scene.side() == "old")
        // Let go of, as when its process dies.
        _ = try await replace(scene)
        #expect(try await driver.side(of: scene.item, transaction: swap.transaction) == .old)
        #expect(try await replace(scene).commit() == .new)
    }

    /// The server has committed, and its session ends before it says so.
    @Test func anAnswerLostAfterCommitIsNew() async throws {
        try await ThrowawayPostgres.run { server in
            let scene = try await scene("unheard", on: server)
            let swap = try await replace(scene)
            let backend = try #require(swap.session).backend
            // COMMIT is durable here and waits for a standby that never comes.
            try await server.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            try await server.sql("SELECT pg_reload_conf()")
            let reload = try await PostgresSession.connect(server.login("postgres"))
            while try await reload.rows("SHOW synchronous_standby_names").first?.text(0) != "nobody" {
                await Task.yield()
            }
            try await swap.keepAlive()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let waiting = "SELECT 1 FROM pg_stat_activity WHERE pid = \(backend) AND wait_event = 'SyncRep'"
                    let watcher = try await PostgresSession.connect(server.login("postgres"))
                    while try await watcher.rows(waiting).isEmpty { await Task.yield() }
                    _ = try await watcher.rows("SELECT pg_terminate_backend(\(backend))")
                }
                #expect(try await swap.commit() == .new)
                try await group.waitForAll()
            }
            #expect(try await scene.side() == "new")
        }
    }

    @Test func aRefusedCommitIsOldAtOnce() async throws {
        let scene = try await scene("late")
        let swap = try await replace(scene)
        let session = try #require(swap.session)
        try await session.run("CREATE TEMP TABLE twice (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        try await session.run("SET CONSTRAINTS ALL DEFERRED; INSERT INTO twice VALUES (1), (1)")
        #expect(try await swap.commit() == .old)
        #expect(try await scene.side() == "old")
    }

    /// COMMIT of a transaction that has failed is no error: the server says ROLLBACK.
    @Test func aFailedTransactionIsNotCommitted() async throws {
        let scene = try await scene("failed")
        let swap = try await replace(scene)
        let session = try #require(swap.session)
        await #expect(throws: HoldfastError.self) { try await session.run("SELECT 1 / 0") }
        #expect(try await swap.commit() == .old)
        #expect(try await scene.side() == "old")
    }

    /// The mark that the transaction made says more than the server's memory of transactions, which fades and can be another
    /// server's; where the two contradict each other a person looks.
    @Test func theMarkDecides() async throws {
        let scene = try await scene("marked")
        func side(_ number: UInt64?) async throws -> SwapSide {
            try await driver.side(of: scene.item, transaction: number)
        }
        let swap = try await replace(scene)
        let number = try #require(swap.transaction)
        #expect(try await swap.commit() == .new)
        for number in [number, nil, 3, 1 << 40] { #expect(try await side(number) == .new) }
        _ = try await scene.sql("DROP SCHEMA \"\(scene.item.mark)\"")
        for number in [nil, 3, 1 << 40] as [UInt64?] { #expect(try await side(number) == .old) }
        let error = await #expect(throws: HoldfastError.self) { try await side(number) }
        #expect(error?.code == .needsAttention && error?.message.contains(scene.item.denial) == true)
        _ = try await scene.sql("SET ROLE marked; CREATE SCHEMA \"\(scene.item.denial)\"")
        #expect(try await side(number) == .old)
        _ = try await scene.sql("SET ROLE marked; CREATE SCHEMA \"\(scene.item.mark)\"")
        #expect(try await side(number) == .new)
        try await driver.confirm(scene.item)
        #expect(try await scene.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'hf%'") == "")
        // Another database under the name.
        var other = scene.item
        other.oid += 1
        await #expect(throws: HoldfastError.self) { try await driver.side(of: other, transaction: nil) }
        await #expect(throws: HoldfastError.self) { try await driver.confirm(other) }
    }

    // MARK: The script

    @Test(arguments: [
        "COMMIT AND CHAIN;", "ROLLBACK;", "END;", "START TRANSACTION;", "PREPARE TRANSACTION 'x';", "BEGIN WORK;",
        "\\connect other\n", "\\! id\n",
    ])
    func whatWouldLeaveTheTransactionIsRefused(_ script: String) async {
        let error = await #expect(throws: HoldfastError.self) {
            var player = ScriptPlayer(session: nil, assumeRole: nil)
            try await player.play(Array("\\restrict x\nBEGIN;\nSET lock_timeout = 0;\nCOMMIT;\n\\unrestrict x\n".utf8))
            try await player.play(Array(script.utf8))
        }
        #expect(error?.code == .malformed)
    }

    /// What a COMMIT decides must not be forgotten by a server that stops right after it.
    @Test func everyCommitIsDurable() async throws {
        let server = try await SharedPostgres.server()
        try await server.sql("CREATE ROLE hasty LOGIN PASSWORD 'sesame'; ALTER ROLE hasty SET synchronous_commit = off")
        let session = try await PostgresSession.connect(server.login("postgres", user: "hasty", password: "sesame"))
        #expect(try await session.rows("SHOW synchronous_commit").first?.text(0) == "on")
    }
}

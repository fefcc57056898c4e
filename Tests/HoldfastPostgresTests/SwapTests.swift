import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// The exchange of two databases' names, and what it does to who is connected.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct SwapTests {
    private let driver = ThrowawayPostgres.driver

    /// A live database with “old” in it and a staged one with “new”.
    private struct Scene {
        var server: ThrowawayPostgres
        var login: DatabaseLogin
        var item: SwapItem
        var job: JobID
        var staged: StagedDatabase
    }

    private func scene(_ job: String, name: String? = nil, prepare: String = "") async throws -> Scene {
        let server = try await SharedPostgres.server()
        let job = try #require(JobID(job))
        let name = name ?? "live_\(job)"
        try await server.sql("CREATE DATABASE \(SQL.identifier(name))")
        if !prepare.isEmpty { try await server.sql(prepare) }
        try await server.sql("CREATE TABLE side AS SELECT 'old'::text AS side", in: name)
        let login = server.login(name)
        let live = try #require(try await driver.find(name, on: login))
        let facts = try #require(try await driver.inspect(login, for: .exchange).facts)
        let staged = try await driver.createStaged(
            beside: login, name: StagingNames.stagedDatabase(job), locale: facts.locale)
        try await server.sql("CREATE TABLE side AS SELECT 'new'::text AS side", in: staged.name)
        return Scene(
            server: server, login: login, item: SwapItem(login: login, live: live.oid, staged: staged.oid), job: job,
            staged: staged)
    }

    private func content(_ scene: Scene) async throws -> String {
        try await scene.server.sql("SELECT side FROM side", in: scene.login.address.database)
    }

    @Test func newAndBackAgain() async throws {
        let scene = try await scene("swap0000aaaa")
        #expect(try await driver.side(of: scene.item, job: scene.job) == .old)
        let swap = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        try await swap.keepAlive()
        #expect(try await swap.commit() == .new)
        #expect(try await driver.side(of: scene.item, job: scene.job) == .new)
        #expect(try await content(scene) == "new")
        try await driver.confirm(scene.login, oid: scene.item.staged)
        await #expect(throws: HoldfastError.self) { try await driver.confirm(scene.login, oid: scene.item.live) }
        // Done twice is refused.
        let twice = await #expect(throws: HoldfastError.self) {
            _ = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        }
        #expect(twice?.code == .conflict)

        // Undo: a later job takes the old content over and swaps it back in.
        let undo = try #require(JobID("swap0000aaab"))
        let kept = StagedDatabase(oid: scene.item.live, name: StagingNames.keptDatabase(scene.job))
        #expect(try await driver.find(kept.name, on: scene.login) == kept)
        let taken = StagedDatabase(oid: kept.oid, name: StagingNames.stagedDatabase(undo))
        try await driver.rename(kept, to: taken.name, on: scene.login)
        try await driver.rename(kept, to: taken.name, on: scene.login)
        let back = SwapItem(login: scene.login, live: scene.item.staged, staged: scene.item.live)
        #expect(try await driver.prepareSwap(of: [back], job: undo).commit() == .new)
        #expect(try await content(scene) == "old")

        let other = StagedDatabase(oid: back.live, name: "hf_other_old")
        let foreign = await #expect(throws: HoldfastError.self) { try await driver.drop(other, on: scene.login) }
        #expect(foreign?.code == .needsAttention)
        try await driver.drop(
            StagedDatabase(oid: back.live, name: StagingNames.keptDatabase(undo)), on: scene.login)
        let live = StagedDatabase(oid: back.staged, name: scene.login.address.database)
        await #expect(throws: HoldfastError.self) { try await driver.drop(live, on: scene.login) }
        #expect(try await content(scene) == "old")
    }

    @Test func rolledBackOrLetGoIsOld() async throws {
        let scene = try await scene("swap0000bbbb")
        let swap = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        await swap.rollback()
        #expect(try await content(scene) == "old")
        // As if the process had died: the connection is gone before COMMIT.
        _ = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        #expect(try await driver.side(of: scene.item, job: scene.job) == .old)
        #expect(try await content(scene) == "old")
    }

    /// A COMMIT that the server refuses on a connection that lives: whoever asks for the outcome does not wait for that
    /// session's lock.
    @Test func aRefusedCommitIsOldAtOnce() async throws {
        let scene = try await scene("swap0000mmmm")
        let swap = try #require(
            try await driver.prepareSwap(of: [scene.item], job: scene.job) as? PostgresSwap)
        let session = try #require(swap.groups.first).session
        try await session.run("CREATE TEMP TABLE twice (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        try await session.run("INSERT INTO twice VALUES (1), (1)")
        #expect(try await swap.commit() == .old)
        #expect(try await content(scene) == "old")
    }

    /// COMMIT of a transaction that has failed is no error: the server says ROLLBACK.
    @Test func aFailedTransactionIsNotCommitted() async throws {
        let scene = try await scene("swap0000nnnn")
        let swap = try #require(
            try await driver.prepareSwap(of: [scene.item], job: scene.job) as? PostgresSwap)
        let session = try #require(swap.groups.first).session
        await #expect(throws: HoldfastError.self) { try await session.run("SELECT 1 / 0") }
        #expect(try await swap.commit() == .old)
        #expect(try await content(scene) == "old")
    }

    /// What is loaded beside the live database is nobody's to read before its time.
    @Test func nobodyGetsIntoAStagedDatabase() async throws {
        let scene = try await scene("swap0000pppp")
        try await scene.server.sql("CREATE ROLE swap_stranger LOGIN PASSWORD 'sesame'")
        let live = scene.server.login(scene.login.address.database, user: "swap_stranger", password: "sesame")
        _ = try await PostgresSession.connect(live)
        let error = await #expect(throws: HoldfastError.self) {
            _ = try await PostgresSession.connect(live.at(database: scene.staged.name))
        }
        #expect(error?.message.contains("permission denied") == true)
        // The public's rights come with the name.
        #expect(try await driver.prepareSwap(of: [scene.item], job: scene.job).commit() == .new)
        _ = try await PostgresSession.connect(live)
    }

    /// The server ends the swapping session before its COMMIT: the outcome is asked for, and is old.
    @Test func aSessionLostBeforeCommitIsOld() async throws {
        let scene = try await scene("swap0000cccc")
        let swap = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        try await scene.server.sql(
            """
            SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l WHERE l.locktype = 'object' AND l.mode = \
            'AccessExclusiveLock' AND l.objid = \(scene.item.live)
            """)
        await #expect(throws: HoldfastError.self) { try await swap.keepAlive() }
        #expect(try await swap.commit() == .old)
        #expect(try await content(scene) == "old")
    }

    @Test func sessionsAreEndedAndNewOnesWait() async throws {
        let scene = try await scene("swap0000dddd")
        let idle = try await PostgresSession.connect(scene.login)
        let busy = try await PostgresSession.connect(scene.login)
        try busy.start("SELECT pg_sleep(600)")
        let swap = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        await #expect(throws: HoldfastError.self) { try await idle.run("SELECT 1") }
        await #expect(throws: HoldfastError.self) { try await busy.results() }

        let login = scene.login
        let first: HoldfastError? = try await withThrowingTaskGroup(of: HoldfastError?.self) { group in
            group.addTask {
                do {
                    _ = try await PostgresSession.connect(login)
                    return nil
                } catch {
                    return HoldfastError(error)
                }
            }
            let watcher = try await PostgresSession.connectMaintenance(login)
            let waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'object' AND objid = $1::oid"
            while try await watcher.rows(waiting, [String(scene.item.live)]).isEmpty { await Task.yield() }
            #expect(try await swap.commit() == .new)
            return try await group.next() ?? nil
        }
        // It waited, was told that the database has another name, and finds the new one at its next try.
        #expect(first != nil)
        let session = try await PostgresSession.connect(login)
        #expect(try await session.rows("SELECT side FROM public.side").first?.text(0) == "new")
    }

    /// A name of 63 bytes has no room for a suffix, and everything that hangs on the database itself is carried over.
    @Test func longNamesAndProperties() async throws {
        let name = String(repeating: "n", count: 62) + "\""
        let quoted = SQL.identifier(name)
        let scene = try await scene(
            "swap0000eeee", name: name,
            prepare: """
                CREATE ROLE "Heir"; CREATE ROLE heir_app LOGIN;
                ALTER DATABASE \(quoted) OWNER TO "Heir";
                REVOKE ALL ON DATABASE \(quoted) FROM PUBLIC;
                GRANT CONNECT ON DATABASE \(quoted) TO heir_app WITH GRANT OPTION;
                COMMENT ON DATABASE \(quoted) IS 'it''s live';
                ALTER DATABASE \(quoted) CONNECTION LIMIT 17;
                ALTER DATABASE \(quoted) SET search_path = "$user", public, "A b";
                ALTER DATABASE \(quoted) SET work_mem = '7MB';
                ALTER ROLE heir_app IN DATABASE \(quoted) SET app.colour = 'it''s red';
                """)
        let session = try await PostgresSession.connectMaintenance(scene.login)
        let before = try await DatabaseFacts.properties(of: name, session)
        #expect(before.settings.count == 3 && before.grants != nil && before.connectionLimit == 17)
        let swap = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        #expect(swap.warnings == [])
        #expect(try await swap.commit() == .new)
        var after = try await DatabaseFacts.properties(of: name, session)
        #expect(after.oid == scene.item.staged)
        (after.oid, after.bytes) = (before.oid, before.bytes)
        #expect(after == before)
        #expect(try await scene.server.sql("SELECT side FROM public.side", in: name) == "new")
    }

    @Test func defaultRightsAreOpenAgain() async throws {
        let scene = try await scene("swap0000ffff", prepare: "CREATE ROLE passer LOGIN PASSWORD 'sesame'")
        let passer = scene.server.login(scene.login.address.database, user: "passer", password: "sesame")
        let staged = passer.at(database: scene.staged.name)
        let closed = await #expect(throws: HoldfastError.self) { _ = try await PostgresSession.connect(staged) }
        #expect(closed?.code == .permissionDenied)
        #expect(try await driver.prepareSwap(of: [scene.item], job: scene.job).commit() == .new)
        _ = try await PostgresSession.connect(passer)
    }

    @Test func severalDatabasesTogether() async throws {
        let first = try await scene("swap0000gggg", name: "several_1")
        try await first.server.sql("CREATE DATABASE several_2")
        try await first.server.sql("CREATE TABLE side AS SELECT 'old'::text AS side", in: "several_2")
        let login = first.server.login("several_2")
        let live = try #require(try await driver.find("several_2", on: login))
        let facts = try #require(try await driver.inspect(login, for: .exchange).facts)
        let staged = try await driver.createStaged(
            beside: login, name: StagingNames.stagedDatabase(first.job) + "2", locale: facts.locale)
        let second = SwapItem(login: login, live: live.oid, staged: staged.oid)
        let lost = try await driver.prepareSwap(of: [second, first.item], job: first.job)
        await lost.rollback()
        for item in [first.item, second] { #expect(try await driver.side(of: item, job: first.job) == .old) }
        #expect(try await driver.prepareSwap(of: [second, first.item], job: first.job).commit() == .new)
        for item in [first.item, second] { #expect(try await driver.side(of: item, job: first.job) == .new) }
        #expect(try await driver.find(StagingNames.keptDatabase(first.job) + "2", on: login)?.oid == live.oid)
    }

    @Test func aRenamedDatabaseNeedsAttention() async throws {
        let scene = try await scene("swap0000hhhh")
        try await scene.server.sql("ALTER DATABASE live_swap0000hhhh RENAME TO live_elsewhere")
        let error = await #expect(throws: HoldfastError.self) {
            try await driver.side(of: scene.item, job: scene.job)
        }
        #expect(error?.code == .needsAttention)
        #expect(error?.message.contains("live_elsewhere") == true)
        // Nor is another database under that name either of them.
        try await scene.server.sql("CREATE DATABASE live_swap0000hhhh")
        let again = await #expect(throws: HoldfastError.self) {
            try await driver.side(of: scene.item, job: scene.job)
        }
        #expect(again?.code == .needsAttention)
    }
}

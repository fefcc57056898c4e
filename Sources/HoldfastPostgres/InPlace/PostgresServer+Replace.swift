import HoldfastModel

extension PostgresServer {
    /// How long the source may keep a transaction waiting. A client that dies is noticed by its connection.
    private static let stallSeconds = 600
    /// How often dropping is tried against sessions that keep coming back.
    private static let dropAttempts = 3

    package func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport {
        let session = try await PostgresSession.connect(item.login)
        var feed = DumpFeed()
        let contents = try await feed.readContents(from: source)
        let load = try await InPlaceLoad.read(session, contents)
        if let problem = try await load.problem(session) { throw problem }
        try await play(load, feed, from: source, ScriptPlayer(session: nil, assumeRole: nil), item.login)
        var report = LoadReport()
        report.leftOut = load.plan.leftOut
        return report
    }

    package func replace(
        _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
    ) async throws -> any DatabaseSwap {
        // Before anything is locked: the source may be out of reach.
        var feed = DumpFeed()
        let contents = try await feed.readContents(from: source)
        let session = try await Self.locked(item)
        let helper = try await PostgresSession.connect(item.login)
        try await session.run(Self.settings(serverMajor: session.serverMajor))
        let load = try await InPlaceLoad.read(session, contents)
        try await empty(load.actor, session, helper)

        for statement in load.plan.before { try await session.run(statement) }
        try await session.run(load.assumeRole)
        try await play(
            load, feed, from: source, ScriptPlayer(session: session, assumeRole: load.assumeRole), item.login)
        try await session.run("SET client_encoding = 'UTF8'; SET search_path = ''")
        let newcomers = try await OwnedObjects.read(session, load.actor).replaced.filter { !$0.isNew }
        guard newcomers.isEmpty else {
            throw HoldfastError(
                .busy,
                """
                \(item.login.address): while the content was being replaced somebody made \(OwnedObjects.names(newcomers)); \
                stop what makes them and restore again
                """)
        }
        try await Self.compare(session, counts)
        try await session.run("RESET ROLE")
        for statement in load.plan.after { try await session.run(statement) }
        let warnings = try await attempt(load.plan, session)
        let transaction = try await Self.seal(item, session)
        return PostgresReplacement(
            server: self, item: item, session: session, transaction: transaction, warnings: warnings)
    }

    /// Whoever is at the other end may die, be cut off, or stall; and a database may have defaults under which a dump would
    /// be read otherwise than it was written.
    private static func settings(serverMajor: Int) -> String {
        """
        SET idle_in_transaction_session_timeout = '\(stallSeconds)s'; SET lock_timeout = '5s'; \
        SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; \
        \(serverMajor >= 14 ? "SET client_connection_check_interval = '10s'; " : "")\
        SET client_min_messages = error; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = postgres; SET array_nulls = on; \
        SET transform_null_equals = off; SET xmloption = content; SET default_transaction_deferrable = off
        """
    }

    // MARK: The old content

    /// Leaves the session in a transaction in which nothing of the role's own is left.
    private func empty(_ actor: InPlaceActor, _ session: PostgresSession, _ helper: PostgresSession) async throws {
        var attempt = 1
        while true {
            do {
                try await session.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
                return try await dropOwned(actor, session, helper)
            } catch let error as HoldfastError where error.code == .busy && !session.isBroken {
                let holders = try await helper.holders()
                try await session.run("ROLLBACK")
                guard attempt < Self.dropAttempts else {
                    throw holders.isEmpty ? error : error.during("sessions of \(holders) are in the way")
                }
                attempt += 1
            }
        }
    }

    private func dropOwned(
        _ actor: InPlaceActor, _ session: PostgresSession, _ helper: PostgresSession
    ) async throws {
        try await session.run("SET LOCAL ROLE \(SQL.identifier(actor.name))")
        let objects = try await OwnedObjects.read(session, actor)
        try Self.refuseForeign(objects, session)
        let publicSchema = try await PublicSchema.read(session, actor)
        let rights = try await DefaultRights.resets(session, actor)
        try await session.run(
            """
            SELECT pg_catalog.count(pg_catalog.lo_unlink(oid)) FROM pg_catalog.pg_largeobject_metadata \
            WHERE pg_catalog.pg_has_role(lomowner, 'USAGE')
            """, endingBlockersWith: helper)
        for statement in rights + objects.drops { try await session.run(statement, endingBlockersWith: helper) }
        for statement in publicSchema.resets(actor, serverMajor: session.serverMajor) {
            try await session.run(statement, endingBlockersWith: helper)
        }
        let left = try await OwnedObjects.read(session, actor)
        try Self.refuseForeign(left, session)
        guard left.replaced.filter({ !$0.isNew }).isEmpty else {
            throw HoldfastError(
                .checkFailed, "\(session.address): these could not be dropped: \(OwnedObjects.names(left.replaced))")
        }
        try await session.run("RESET ROLE")
    }

    private static func refuseForeign(_ objects: OwnedObjects, _ session: PostgresSession) throws {
        guard !objects.foreign.isEmpty else { return }
        throw HoldfastError(
            .permissionDenied,
            "\(session.address): others own \(OwnedObjects.names(objects.foreign)), which would remain; restore again to check anew"
        )
    }

    // MARK: The new content

    /// Has `pg_restore` turn the dump into a script, and plays that.
    private func play(
        _ load: InPlaceLoad, _ feed: DumpFeed, from source: @escaping DumpSource, _ player: ScriptPlayer,
        _ login: DatabaseLogin
    ) async throws {
        let files = try ToolDirectory(in: temporaryDirectory)
        let run = ToolRun(
            tool: "pg_restore", directory: try await tools.directory(for: load.serverMajor),
            arguments: [
                "--format=custom", "--file=-", "--single-transaction", "--no-owner", "--no-tablespaces",
                "--use-list=\(try files.write(load.plan.list, to: "list"))",
            ],
            login: login, passwordFile: PostgresEnvironment.noFile)
        var player = player
        let (ending, tookAll) = try await run.convert(feed, from: source) { try await player.play($0) }
        guard ending.isSuccess else { throw run.failure(ending) }
        guard tookAll else {
            throw HoldfastError(.toolFailed, "\(login.address): pg_restore stopped reading before the dump's end")
        }
        try player.finish()
    }

    private static func compare(_ session: PostgresSession, _ counts: DumpedCounts) async throws {
        let differences = try await differences(session, counts)
        guard differences.isEmpty else {
            throw HoldfastError(
                .checkFailed,
                "\(session.address): what was loaded is not what was backed up: "
                    + differences.prefix(10).joined(separator: "; ")
                    + (differences.count > 10 ? "; and \(differences.count - 10) more" : ""))
        }
    }

    /// What a server may well refuse, and statistics, which are no content. - Returns: what was left out, for people.
    private func attempt(_ plan: LoadPlan, _ session: PostgresSession) async throws -> [String] {
        var warnings: [String] = []
        for attempt in plan.attempts + [LoadPlan.Attempt(statement: "ANALYZE", subject: "ANALYZE")] {
            try await session.run("SAVEPOINT attempt")
            if let refusal = try await session.refusal(of: attempt.statement) {
                try await session.run("ROLLBACK TO SAVEPOINT attempt")
                warnings.append("Left out: \(attempt.subject): \(refusal.message)")
            }
        }
        return warnings
    }

    /// Marks the content as the new one, so that whoever finds it knows. - Returns: the transaction's number.
    private static func seal(_ item: InPlaceItem, _ session: PostgresSession) async throws -> UInt64 {
        // What is checked at COMMIT could refuse it after media was exchanged.
        try await session.run("SET CONSTRAINTS ALL IMMEDIATE; CREATE SCHEMA \(SQL.identifier(item.mark))")
        let number = try await session.rows("SELECT pg_catalog.pg_current_xact_id()").first.map {
            UInt64(try $0.text(0))
        }
        guard case let number?? = number, session.isInTransaction else {
            throw HoldfastError(.internal, "\(session.address): the transaction has no number")
        }
        try await session.run("SET idle_in_transaction_session_timeout = '\(silenceSeconds)s'")
        return number
    }
}

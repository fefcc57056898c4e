import HoldfastModel

extension PostgresServer {
    package func load(
        _ staged: StagedDatabase, beside login: DatabaseLogin, from source: () async throws -> [UInt8]?
    ) async throws -> LoadReport {
        let target = login.at(database: staged.name)
        var feed = DumpFeed()
        let contents = try await feed.readContents(from: source)
        let session = try await PostgresSession.connect(target)
        try await Self.insist(staged, session)
        let destination = try await Self.destination(session)
        let plan = LoadPlan(contents: contents.entries, destination: destination)
        for statement in plan.before { try await session.run(statement) }

        let files = try ToolDirectory(in: temporaryDirectory)
        let run = ToolRun(
            tool: "pg_restore", directory: try await tools.directory(for: session.serverMajor),
            arguments: [
                "--format=custom", "--dbname=\(ToolRun.keepAlive)", "--no-password", "--exit-on-error", "--no-owner",
                "--role=\(destination.owner)", "--no-tablespaces",
                "--use-list=\(try files.write(plan.list, to: "list"))",
            ],
            login: target, passwordFile: try files.passwordFile(login.password))
        let (ending, tookAll) = try await run.write { try await feed.next(from: source) }
        guard ending.isSuccess else { throw run.failure(ending) }
        guard tookAll, feed.isFinished else {
            throw HoldfastError(.toolFailed, "\(target.address): pg_restore stopped reading before the dump's end")
        }
        for statement in plan.after { try await session.run(statement) }
        var report = LoadReport()
        report.leftOut = plan.leftOut
        for attempt in plan.attempts {
            if let refusal = try await session.refusal(of: attempt.statement) {
                report.leftOut.append("\(attempt.subject): \(refusal.message)")
            }
        }
        try await session.run("ANALYZE")
        return report
    }

    /// The name may have been given to another database since.
    private static func insist(_ staged: StagedDatabase, _ session: PostgresSession) async throws {
        guard try await session.oid(of: staged.name) == staged.oid else {
            throw HoldfastError(
                .conflict, "\(session.address) is not the database of OID \(staged.oid) that was made for this restore")
        }
    }

    private static func destination(_ session: PostgresSession) async throws -> LoadPlan.Destination {
        let owner = try await session.rows(
            """
            SELECT o.rolname, o.rolsuper, u.rolsuper FROM pg_catalog.pg_database d \
            JOIN pg_catalog.pg_roles o ON o.oid = d.datdba, pg_catalog.pg_roles u \
            WHERE d.datname = pg_catalog.current_database() AND u.rolname = current_user
            """)
        guard let row = owner.first else { throw HoldfastError(.internal, "\(session.address) has no owner") }
        let roles = try await session.rows(
            "SELECT rolname, pg_catalog.pg_has_role($1, oid, 'USAGE') FROM pg_catalog.pg_roles", [try row.text(0)])
        return LoadPlan.Destination(
            isSuperuser: try row.bool(2), owner: try row.text(0), ownerIsSuperuser: try row.bool(1),
            ownerActsAs: Set(try roles.filter { try $0.bool(1) }.map { try $0.text(0) }),
            roles: Set(try roles.map { try $0.text(0) }), serverMajor: session.serverMajor)
    }
}

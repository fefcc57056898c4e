import HoldfastModel

extension PostgresServer {
    /// Marks a database as made by us and not yet swapped: the swap gives it the destination's own properties.
    static let stagedComment = "Made by Holdfast, to replace a database once it is verified"

    package func createStaged(
        beside login: DatabaseLogin, name: String, locale: DatabaseLocale
    ) async throws -> StagedDatabase {
        let session = try await PostgresSession.connectMaintenance(login)
        let live = try await DatabaseFacts.properties(of: login.address.database, session)
        if let oid = try await session.oid(of: name) {
            throw HoldfastError(
                .alreadyExists, "\(login.address): there is already a database \(name)", context: ["oid": String(oid)])
        }
        do {
            // Nobody can connect before CONNECT is revoked.
            try await session.run(
                """
                CREATE DATABASE \(SQL.identifier(name)) TEMPLATE template0 OWNER \(SQL.identifier(live.owner)) \
                \(Self.tablespace(live)) ALLOW_CONNECTIONS false \
                \(Self.clauses(locale, serverMajor: session.serverMajor))
                """)
        } catch let error as HoldfastError where error.code == .toolFailed {
            throw HoldfastError(
                .checkFailed,
                """
                \(error.message): the server can't make a database of the backup's encoding \(locale.encoding) and \
                locale \(locale.providerLocale ?? locale.collation); install that locale on the server
                """)
        }
        let quoted = SQL.identifier(name)
        try await session.run("REVOKE ALL ON DATABASE \(quoted) FROM PUBLIC")
        try await session.run("COMMENT ON DATABASE \(quoted) IS \(SQL.literal(Self.stagedComment))")
        try await session.run("ALTER DATABASE \(quoted) ALLOW_CONNECTIONS true")
        if login.address.user != live.owner {
            // The role that logs in loads and verifies, and may be no superuser.
            try await session.run(
                "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE \(quoted) TO \(SQL.identifier(login.address.user))")
        }
        guard let oid = try await session.oid(of: name) else {
            throw HoldfastError(.conflict, "\(login.address): the database \(name) was removed while it was being made")
        }
        return StagedDatabase(oid: oid, name: name)
    }

    /// Naming even the default tablespace asks for a right on it that ordinary roles don't have.
    private static func tablespace(_ live: DatabaseFacts) -> String {
        live.tablespace == "pg_default" ? "" : "TABLESPACE \(SQL.identifier(live.tablespace))"
    }

    private static func clauses(_ locale: DatabaseLocale, serverMajor: Int) -> String {
        var clauses = ["ENCODING \(SQL.literal(locale.encoding))"]
        if !locale.collation.isEmpty { clauses.append("LC_COLLATE \(SQL.literal(locale.collation))") }
        if !locale.characterType.isEmpty { clauses.append("LC_CTYPE \(SQL.literal(locale.characterType))") }
        if serverMajor >= 15, let provider = locale.provider {
            let names = ["c": "libc", "i": "icu", "b": "builtin"]
            clauses.append("LOCALE_PROVIDER \(names[provider] ?? "libc")")
            if let name = locale.providerLocale, provider == "i" { clauses.append("ICU_LOCALE \(SQL.literal(name))") }
            if let name = locale.providerLocale, provider == "b" {
                clauses.append("BUILTIN_LOCALE \(SQL.literal(name))")
            }
        }
        return clauses.joined(separator: " ")
    }

    package func rename(_ staged: StagedDatabase, to name: String, on login: DatabaseLogin) async throws {
        let session = try await PostgresSession.connectMaintenance(login)
        guard let present = try await session.name(of: staged.oid) else {
            throw HoldfastError(
                .notFound, "\(login.address): there is no database of OID \(staged.oid) (\(staged.name)) any more")
        }
        guard present != name else { return }
        try Self.insistOurs(present, staged, login)
        let helper = try await PostgresSession.connectMaintenance(login)
        try await session.run(
            "ALTER DATABASE \(SQL.identifier(present)) RENAME TO \(SQL.identifier(name))",
            endingSessionsIn: [staged.oid], with: helper)
    }

    package func drop(_ staged: StagedDatabase, on login: DatabaseLogin) async throws {
        let session = try await PostgresSession.connectMaintenance(login)
        guard let present = try await session.name(of: staged.oid) else { return }
        try Self.insistOurs(present, staged, login)
        let helper = try await PostgresSession.connectMaintenance(login)
        try await session.run(
            "DROP DATABASE \(SQL.identifier(present))", endingSessionsIn: [staged.oid], with: helper)
    }

    /// An OID can come round again, so the name must be one of those we give, and the one that was noted.
    private static func insistOurs(_ present: String, _ staged: StagedDatabase, _ login: DatabaseLogin) throws {
        guard present == staged.name, present.hasPrefix("hf_") else {
            throw HoldfastError(
                .needsAttention,
                """
                \(login.address): the database of OID \(staged.oid) is called “\(present.printable())” and should be \
                “\(staged.name.printable())”; somebody renamed it, so it is left alone. Rename it back, or drop it by hand
                """)
        }
    }
}

import HoldfastModel

/// What would stop a restore that replaces the content within one transaction, because no database can be made beside the
/// live one.
extension Examination {
    mutating func examineInPlace(_ role: RoleRights, _ backup: DatabaseFacts?) async throws {
        let actor = try await InPlaceActor.read(session)
        announce(role, actor)
        if let backup, backup.locale.encoding != facts.locale.encoding {
            add(
                .error, .unsupported,
                """
                the backup is of a database in \(backup.locale.encoding.printable()) and this one is in \
                \(facts.locale.encoding), which it keeps where the role may not create databases: make this one anew in \
                that encoding, or \(Self.remedy(user))
                """)
        }
        if let backup, backup.locale != facts.locale, backup.locale.encoding == facts.locale.encoding {
            add(
                .warning, .checkFailed,
                """
                the database keeps its own sort order, \(facts.locale.providerLocale ?? facts.locale.collation); the \
                backup's was \((backup.locale.providerLocale ?? backup.locale.collation).printable())
                """)
        }
        let objects = try await OwnedObjects.read(session, actor)
        if !objects.foreign.isEmpty {
            add(
                .error, .permissionDenied,
                """
                the content is replaced in place, and these belong to others and would remain: \
                \(OwnedObjects.names(objects.foreign)). Drop them or give them to “\(actor.name)”, or \
                \(Self.remedy(user))
                """)
        }
        try await examineMaking(actor)
        if let shortage = try await LockBudget.read(session).shortage(for: nil) {
            add(.error, .checkFailed, "\(shortage) (\(Self.remedy(user)))")
        }
    }

    private mutating func announce(_ role: RoleRights, _ actor: InPlaceActor) {
        let reason =
            role.createsDatabases
            ? "is neither “\(facts.owner)”, who owns the database, nor a member" : "may not create databases"
        add(
            .warning, .permissionDenied,
            """
            the role “\(user)” \(reason), so the content is replaced in place: within one transaction everything that \
            “\(actor.name)” owns in the database is dropped and the backup loaded. The database is locked for as long as \
            that takes, and its old content is not kept: an undo restores the safety backup. For a restore beside the live \
            database, \(Self.remedy(user))
            """)
    }

    private static func remedy(_ user: String) -> String { "ALTER ROLE \(SQL.identifier(user)) CREATEDB" }

    private mutating func examineMaking(_ actor: InPlaceActor) async throws {
        let rights = try await session.rows(
            """
            SELECT pg_catalog.has_database_privilege(d.oid, 'CREATE'), \
            pg_catalog.has_database_privilege($1, d.oid, 'CREATE') \
            FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
            """, [actor.name])
        for (index, name) in [actor.login, actor.name].enumerated() {
            if index == 1 && !actor.isAssumed { continue }
            guard try rights.first?.bool(index) == false else { continue }
            add(
                .error, .permissionDenied,
                """
                the role “\(name)” may not make schemas in the database: GRANT CREATE ON DATABASE \
                \(SQL.identifier(facts.name)) TO \(SQL.identifier(name))
                """)
        }
        let publicSchema = try await PublicSchema.read(session, actor)
        guard !publicSchema.isOurs, !publicSchema.takesOurs else { return }
        add(
            .error, .permissionDenied,
            """
            the role “\(actor.name)” may not make anything in the schema public: GRANT CREATE ON SCHEMA public TO \
            \(SQL.identifier(actor.name))
            """)
    }
}

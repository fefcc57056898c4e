import HoldfastModel

/// Looks for what would stop a backup or restore half-way, before it is begun.
struct Examination {
    let login: DatabaseLogin
    let session: PostgresSession
    let facts: DatabaseFacts
    private var found: [CheckReport.Problem] = []
    /// No database can be made beside this one, so that a restore replaces its content within one transaction.
    private(set) var isInPlace = false

    init(login: DatabaseLogin, session: PostgresSession, facts: DatabaseFacts) {
        self.login = login
        self.session = session
        self.facts = facts
    }

    var user: String { login.address.user }

    mutating func problems(for purpose: InspectionPurpose, tools: PostgresTools) async throws -> [CheckReport.Problem] {
        do {
            _ = try await tools.directory(for: facts.serverMajor)
        } catch let error as HoldfastError {
            found.append(.init(.error, error.code, error.message))
        }
        try await examinePooler()
        let role = try await RoleRights.read(session)
        switch purpose {
        case .capture:
            try await examineLocks()
            try await examineReading(role)
        case .restore(let serverVersion, let facts, let fromAnotherProject):
            examineVersion(serverVersion ?? facts?.serverVersion)
            if fromAnotherProject { examineTrust(role) }
            isInPlace = !role.isSuperuser && !(role.createsDatabases && role.actsAsOwner)
            if let facts { try await examineNeeds(of: facts, role) }
            if isInPlace {
                try await examineInPlace(role, facts)
            } else {
                examineSettings(role)
                try await examineTablespace()
            }
            try await examineSwap(role)
        case .foreignDump: examineTrust(role)
        case .exchange:
            examineOwnership(role)
            try await examineSwap(role)
        }
        return found
    }

    mutating func add(_ severity: CheckReport.Problem.Severity, _ code: ErrorCode, _ message: String) {
        found.append(.init(severity, code, "\(login.address): \(message)"))
    }

    // MARK: Anything

    /// A transaction pooler hands an idle client's backend to the next one. So while a second session is in a transaction,
    /// the first one's backend must not be the second's, and must stay what it was.
    private mutating func examinePooler() async throws {
        let question = "SELECT pg_catalog.pg_backend_pid()"
        let first = try await session.rows(question).first?.int(0)
        let second = try await PostgresSession.connect(login)
        try await second.run("BEGIN")
        let others = try await second.rows(question).first?.int(0)
        let again = try await session.rows(question).first?.int(0)
        guard first == again, first != others else {
            return add(
                .error, .checkFailed,
                """
                behind this address is a pooler that changes the server's session between transactions; give the address \
                of the server itself, or of a pool in session mode
                """)
        }
    }

    // MARK: Capture

    /// A dump keeps a lock on every table to its end. A server has some room beyond what it is set to, so this is only
    /// warned of.
    private mutating func examineLocks() async throws {
        let found = try await session.rows(
            """
            SELECT (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class \
            WHERE relkind IN ('r', 'p', 'S', 'v', 'm') AND oid >= 16384), \
            pg_catalog.current_setting('max_locks_per_transaction')::bigint, \
            pg_catalog.current_setting('max_connections')::bigint \
            + pg_catalog.current_setting('max_prepared_transactions')::bigint
            """)
        guard let row = found.first, try row.int(0) > row.int(1) * row.int(2) else { return }
        let needed = try row.int(0) / row.int(2) + 1
        add(
            .warning, .checkFailed,
            """
            the database has \(try row.int(0)) tables, sequences and views, and the server is set to \
            \(try row.int(1) * row.int(2)) locks, so a dump of it may run out of them: set max_locks_per_transaction to \
            \(needed) or more, and restart the server
            """)
    }

    private mutating func examineReading(_ role: RoleRights) async throws {
        guard !role.isSuperuser else { return }
        let closed = try await names(
            """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
            WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e' \
            AND d.classid = 'pg_catalog.pg_class'::regclass) \
            AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND CASE c.relkind \
            WHEN 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') \
            ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END) ORDER BY 1
            """)
        if !closed.isEmpty {
            add(
                .error, .permissionDenied,
                """
                the role “\(user)” can't read \(Self.list(closed)): grant it SELECT on them and USAGE on their schemas, or \
                membership in pg_read_all_data
                """)
        }
        let filtered = try await names(
            """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') \
            AND c.relrowsecurity AND NOT $1::bool AND (c.relforcerowsecurity \
            OR NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')) ORDER BY 1
            """, [role.bypassesRowSecurity ? "t" : "f"])
        if !filtered.isEmpty {
            add(
                .error, .permissionDenied,
                """
                row security hides rows of \(Self.list(filtered)) from the role “\(user)”: ALTER ROLE \
                \(SQL.identifier(user)) BYPASSRLS
                """)
        }
    }

    // MARK: Restore

    private mutating func examineVersion(_ version: String?) {
        guard let version, let major = Int(version.prefix { $0.isNumber }), major > facts.serverMajor else { return }
        add(
            .error, .unsupported,
            """
            the backup is of PostgreSQL \(version.printable(limit: 40)) and this server is \(facts.serverVersion): a dump \
            can't go into an older server; restore to one of version \(major) or newer
            """)
    }

    private mutating func examineTrust(_ role: RoleRights) {
        guard role.isSuperuser || role.reachesServer else { return }
        add(
            .error, .permissionDenied,
            """
            the backup is another project's, and the role “\(user)” is a superuser, or can become one that is or that runs \
            programs or reaches files on the server, which code in the backup could use: give the service a role without \
            such rights and memberships (before PostgreSQL 16 also without CREATEROLE)
            """)
    }

    private mutating func examineNeeds(of backup: DatabaseFacts, _ role: RoleRights) async throws {
        let available = Set(try await names("SELECT name FROM pg_catalog.pg_available_extensions"))
        // What is there already and the role can't make stays, where the content is replaced in place.
        let present = isInPlace ? Set(facts.extensions.map(\.name)) : []
        let needed = backup.extensions.map(\.name).filter { !present.contains($0) }
        let extensions = needed.filter { !available.contains($0) }
        if !extensions.isEmpty {
            add(
                .error, .checkFailed,
                "the server lacks the extensions \(Self.list(extensions)) that the backup uses; install their packages there"
            )
        }
        if !role.isSuperuser {
            let closed = Set(
                try await names(
                    """
                    SELECT name FROM pg_catalog.pg_available_extension_versions GROUP BY name \
                    HAVING pg_catalog.bool_and(superuser AND NOT trusted)
                    """))
            let refused = needed.filter(closed.contains)
            if !refused.isEmpty {
                add(
                    .error, .permissionDenied,
                    """
                    only a superuser may make the extensions \(Self.list(refused)) that the backup uses, and the role \
                    “\(user)” is none: give the service a superuser's login, or set “trusted = true” in their control \
                    files on the server
                    """)
            }
        }
        let roles = Set(try await names("SELECT rolname FROM pg_catalog.pg_roles"))
        let missing = Set(backup.roles + [backup.owner]).subtracting(roles).sorted()
        if !missing.isEmpty {
            add(
                .warning, .checkFailed,
                """
                the server lacks the roles \(Self.list(missing)) of the backup: what they own will belong to \
                “\(facts.owner)”, and rights granted to them are left out
                """)
        }
        let encodings = try await names(
            "SELECT pg_catalog.pg_char_to_encoding($1)::text", [backup.locale.encoding])
        if encodings.first == "-1" {
            add(
                .error, .unsupported,
                "the server doesn't know the backup's encoding \(backup.locale.encoding.printable())")
        }
        if !isInPlace { try await examineLocale(of: backup) }
    }

    /// A server lists the locales that were installed when it was made. One that was installed later works too, so a
    /// missing one is only warned of.
    private mutating func examineLocale(of backup: DatabaseFacts) async throws {
        if backup.locale.provider == "i" {
            let known = try await names("SELECT 1 FROM pg_catalog.pg_collation WHERE collprovider = 'i' LIMIT 1")
            if known.isEmpty {
                add(.error, .unsupported, "the backup's database sorts by ICU, which this server was built without")
            }
        }
        func plain(_ locale: String) -> String { locale.lowercased().filter { $0 != "-" } }
        let listed = try await names(
            """
            SELECT collcollate::text FROM pg_catalog.pg_collation WHERE collcollate IS NOT NULL \
            UNION SELECT datcollate::text FROM pg_catalog.pg_database UNION SELECT datctype::text FROM \
            pg_catalog.pg_database
            """)
        let known = Set(listed.map(plain) + ["c", "posix"])
        let missing = Set([backup.locale.collation, backup.locale.characterType]).filter {
            !$0.isEmpty && !known.contains(plain($0))
        }
        if !missing.isEmpty {
            add(
                .warning, .checkFailed,
                """
                the server lists no locale \(Self.list(missing.sorted())), in which the backup's database was made: \
                install it on the server's machine if it isn't there, or the restore will fail
                """)
        }
    }

    private mutating func examineOwnership(_ role: RoleRights) {
        guard !role.isSuperuser else { return }
        if !role.createsDatabases {
            add(
                .error, .permissionDenied,
                """
                the role “\(user)” may not create databases, which a restore does beside the live one: ALTER ROLE \
                \(SQL.identifier(user)) CREATEDB
                """)
        }
        if !role.actsAsOwner {
            add(
                .error, .permissionDenied,
                """
                the database belongs to “\(facts.owner)”, and the role “\(user)” is neither that nor a member of it, so it \
                can't put another in its place: GRANT \(SQL.identifier(facts.owner)) TO \(SQL.identifier(user))
                """)
        }
    }

    /// Of other roles only their own masters may say how they begin a session.
    private mutating func examineSettings(_ role: RoleRights) {
        guard !role.isSuperuser else { return }
        let others = Set(facts.settings.compactMap(\.role)).subtracting([user]).sorted()
        guard !others.isEmpty else { return }
        add(
            .warning, .permissionDenied,
            """
            the database has settings of the roles \(Self.list(others)), which the role “\(user)” may not be able to give \
            to the restored one: have ALTER ROLE … IN DATABASE … SET said again afterwards
            """)
    }

    private mutating func examineTablespace() async throws {
        guard facts.tablespace != "pg_default" else { return }
        let allowed = try await session.rows(
            "SELECT pg_catalog.has_tablespace_privilege($1, 'CREATE')", [facts.tablespace])
        guard try allowed.first?.bool(0) == false else { return }
        let tablespace = SQL.identifier(facts.tablespace)
        add(
            .error, .permissionDenied,
            """
            the role “\(user)” may not create a database in the tablespace \(tablespace) of the live one: GRANT CREATE ON \
            TABLESPACE \(tablespace) TO \(SQL.identifier(user))
            """)
    }

    private mutating func examineSwap(_ role: RoleRights) async throws {
        let oid = String(facts.oid)
        let prepared = try await names(
            """
            SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() ORDER BY 1
            """)
        if !prepared.isEmpty {
            add(
                .error, .checkFailed,
                "there are prepared transactions, \(Self.list(prepared)): COMMIT PREPARED or ROLLBACK PREPARED them")
        }
        let slots = try await names(
            """
            SELECT slot_name FROM pg_catalog.pg_replication_slots WHERE database = pg_catalog.current_database() \
            ORDER BY 1
            """)
        // Where the content is replaced in place they go on following the database.
        if !slots.isEmpty, !isInPlace {
            add(
                .error, .checkFailed,
                """
                logical replication slots, \(Self.list(slots)), follow this database and would be left on the old one: \
                drop them, and make them anew after the restore
                """)
        }
        let subscriptions = try await names(
            "SELECT subname FROM pg_catalog.pg_subscription WHERE subdbid = $1::oid ORDER BY 1", [oid])
        if !subscriptions.isEmpty {
            add(
                .error, .checkFailed,
                "the database has subscriptions, \(Self.list(subscriptions)): drop them, and make them anew afterwards")
        }
        guard !role.isSuperuser else { return }
        let stubborn = try await names(
            """
            SELECT DISTINCT a.usename::text FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r \
            ON r.oid = a.usesysid WHERE a.datid = $1::oid AND a.pid <> pg_catalog.pg_backend_pid() \
            AND NOT (pg_catalog.pg_has_role(a.usesysid, 'USAGE') AND (NOT r.rolsuper)) \
            AND (r.rolsuper OR NOT $2::bool) ORDER BY 1
            """, [oid, role.signalsBackends ? "t" : "f"])
        if !stubborn.isEmpty {
            // In place only those that hold locks are in the way, and for those the restore gives up before long.
            add(
                isInPlace ? .warning : .error, .permissionDenied,
                """
                the role “\(user)” may not end the sessions of \(Self.list(stubborn)): close them, or GRANT \
                pg_signal_backend TO \(SQL.identifier(user)) (which does not cover superusers)
                """)
        }
    }

    // MARK: Asking

    private func names(_ statement: String, _ parameters: [String?] = []) async throws -> [String] {
        try await session.rows(statement, parameters).map { try $0.text(0) }
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(10).map { $0.printable(limit: 130) }.joined(separator: ", ")
        return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
    }
}

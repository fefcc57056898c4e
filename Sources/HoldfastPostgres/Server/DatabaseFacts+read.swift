import HoldfastModel

extension DatabaseFacts {
    /// Reads the facts of the database that the session is connected to.
    static func read(_ session: PostgresSession) async throws -> DatabaseFacts {
        var facts = try await properties(of: nil, session)
        facts.bytes =
            try await session.rows("SELECT pg_catalog.pg_database_size($1::oid)", [String(facts.oid)]).first?
            .int(0) ?? 0
        facts.extensions = try await session.rows(
            """
            SELECT e.extname, e.extversion, n.nspname FROM pg_catalog.pg_extension e \
            JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace ORDER BY 1
            """
        ).map { DatabaseExtension(name: try $0.text(0), version: try $0.text(1), schema: try $0.text(2)) }
        facts.roles = try await session.rows(
            """
            SELECT DISTINCT pg_catalog.pg_get_userbyid(d.refobjid) FROM pg_catalog.pg_shdepend d \
            WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.deptype IN ('o', 'a', 'r') \
            AND d.dbid = $1::oid ORDER BY 1
            """, [String(facts.oid)]
        ).map { try $0.text(0) }
        return facts
    }

    /// Reads what the server as a whole knows of a database: everything but extensions, roles and size (which takes
    /// long to measure).
    ///
    /// The session's own (nil) isn't looked for by name: names of databases are in the encoding of whatever database they
    /// were given in, and not always in that of this one.
    /// - Throws: `notFound`.
    static func properties(of name: String?, _ session: PostgresSession) async throws -> DatabaseFacts {
        // Columns that only some versions have are read through JSON, where a missing one is null.
        let found = try await session.rows(
            """
            SELECT d.oid, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, j ->> 'datlocprovider', \
            COALESCE(j ->> 'datlocale', j ->> 'daticulocale'), pg_catalog.pg_get_userbyid(d.datdba), \
            d.datacl IS NULL, pg_catalog.shobj_description(d.oid, 'pg_database'), t.spcname, d.datconnlimit, \
            pg_catalog.current_setting('server_version') \
            FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace, \
            LATERAL pg_catalog.to_jsonb(d) j \
            WHERE d.datname = COALESCE($1, pg_catalog.current_database())
            """, [name])
        let name = name ?? session.address.database
        guard let row = found.first else {
            throw HoldfastError(.notFound, "\(session.address): there is no database “\(name.printable())”")
        }
        let oid = try row.oid(0)
        return DatabaseFacts(
            serverVersion: try row.text(11), serverMajor: session.serverMajor, system: try await system(session),
            oid: oid, name: name,
            locale: DatabaseLocale(
                encoding: try row.text(1), collation: row.optional(2) ?? "", characterType: row.optional(3) ?? "",
                provider: row.optional(4), providerLocale: row.optional(5)),
            owner: try row.text(6), grants: try row.bool(7) ? nil : try await grants(oid, session),
            comment: row.optional(8), tablespace: try row.text(9), connectionLimit: Int(try row.int(10)),
            settings: try await settings(oid, session), extensions: [], roles: [], bytes: 0)
    }

    private static func system(_ session: PostgresSession) async throws -> String? {
        do {
            return try await session.rows("SELECT system_identifier FROM pg_catalog.pg_control_system()").first?.text(0)
        } catch let error as HoldfastError where error.code == .permissionDenied {
            return nil
        }
    }

    private static func grants(_ oid: UInt32, _ session: PostgresSession) async throws -> [DatabaseGrant] {
        try await session.rows(
            """
            SELECT CASE WHEN a.grantee <> 0 THEN pg_catalog.pg_get_userbyid(a.grantee) END, a.privilege_type, \
            pg_catalog.bool_or(a.is_grantable) FROM pg_catalog.pg_database d, \
            LATERAL pg_catalog.aclexplode(d.datacl) a WHERE d.oid = $1::oid GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2
            """, [String(oid)]
        ).map { DatabaseGrant(role: $0.optional(0), privilege: try $0.text(1), grantable: try $0.bool(2)) }
    }

    private static func settings(_ oid: UInt32, _ session: PostgresSession) async throws -> [DatabaseSetting] {
        try await session.rows(
            """
            SELECT CASE WHEN s.setrole <> 0 THEN pg_catalog.pg_get_userbyid(s.setrole) END, \
            pg_catalog.split_part(c, '=', 1), pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) \
            FROM pg_catalog.pg_db_role_setting s, \
            LATERAL pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS u (c, place) \
            WHERE s.setdatabase = $1::oid ORDER BY 1 NULLS FIRST, u.place
            """, [String(oid)]
        ).map { DatabaseSetting(role: $0.optional(0), name: try $0.text(1), value: try $0.text(2)) }
    }
}

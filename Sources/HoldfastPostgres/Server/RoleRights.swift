/// What the role of a session may do.
struct RoleRights {
    var isSuperuser: Bool
    var createsDatabases: Bool
    var bypassesRowSecurity: Bool
    /// Member of the owner of the session's database.
    var actsAsOwner: Bool
    /// Is, or can become by `SET ROLE` or a grant to itself, one who runs programs, or reads or writes files, on the server.
    var reachesServer: Bool
    var signalsBackends: Bool

    static func read(_ session: PostgresSession) async throws -> RoleRights {
        // The predefined roles differ between versions, so they are looked for by name. Before PostgreSQL 16 whoever may
        // create roles may also grant these.
        let rows = try await session.rows(
            """
            SELECT r.rolsuper, r.rolcreatedb, r.rolbypassrls, pg_catalog.pg_has_role(d.datdba, 'USAGE'), \
            EXISTS (SELECT FROM pg_catalog.pg_roles p WHERE pg_catalog.pg_has_role(p.oid, 'MEMBER') AND (p.rolsuper \
            OR p.rolname IN ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files') \
            OR p.rolcreaterole AND pg_catalog.current_setting('server_version_num')::int < 160000)), \
            EXISTS (SELECT FROM pg_catalog.pg_roles p WHERE p.rolname = 'pg_signal_backend' \
            AND pg_catalog.pg_has_role(p.oid, 'USAGE')) \
            FROM pg_catalog.pg_roles r, pg_catalog.pg_database d \
            WHERE r.rolname = current_user AND d.datname = pg_catalog.current_database()
            """)
        let row = rows.first ?? PostgresRow(values: [])
        return RoleRights(
            isSuperuser: try row.bool(0), createsDatabases: try row.bool(1), bypassesRowSecurity: try row.bool(2),
            actsAsOwner: try row.bool(3), reachesServer: try row.bool(4), signalsBackends: try row.bool(5))
    }
}

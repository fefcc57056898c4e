import HoldfastModel

/// The role in whose name content is replaced in place: the database's owner where the login may act as it, or else the
/// role that logs in.
struct InPlaceActor {
    var name: String
    /// The role that logs in; it makes extensions and the mark.
    var login: String
    var ownsDatabase: Bool
    /// Whether it is another role than the one that logs in.
    var isAssumed: Bool { name != login }

    static func read(_ session: PostgresSession) async throws -> InPlaceActor {
        let rows = try await session.rows(
            """
            SELECT CASE WHEN pg_catalog.pg_has_role(session_user, d.datdba, 'MEMBER') \
            AND pg_catalog.pg_has_role(session_user, d.datdba, 'USAGE') AND NOT o.rolsuper THEN o.rolname \
            ELSE session_user END, session_user FROM pg_catalog.pg_database d \
            JOIN pg_catalog.pg_roles o ON o.oid = d.datdba WHERE d.datname = pg_catalog.current_database()
            """)
        guard let row = rows.first else { throw HoldfastError(.internal, "\(session.address) has no owner") }
        let owns = try await session.rows(
            """
            SELECT pg_catalog.pg_has_role($1, d.datdba, 'USAGE') FROM pg_catalog.pg_database d \
            WHERE d.datname = pg_catalog.current_database()
            """, [try row.text(0)])
        return InPlaceActor(
            name: try row.text(0), login: try row.text(1), ownsDatabase: try owns.first?.bool(0) ?? false)
    }
}

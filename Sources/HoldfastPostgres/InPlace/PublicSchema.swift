/// The schema `public`, which a dump takes to be as a new database has it.
struct PublicSchema {
    /// Nil where there is none.
    private var owner: String?
    /// The role that acts owns it, or is the owner's member.
    private(set) var isOurs: Bool
    /// The role that acts may make things in it.
    private(set) var takesOurs: Bool
    private var grantees: [String] = []

    static func read(_ session: PostgresSession, _ actor: InPlaceActor) async throws -> PublicSchema {
        let rows = try await session.rows(
            """
            SELECT pg_catalog.pg_get_userbyid(n.nspowner), pg_catalog.pg_has_role($1, n.nspowner, 'USAGE'), \
            pg_catalog.has_schema_privilege($1, n.oid, 'CREATE'), CASE WHEN a.grantee = 0 THEN 'PUBLIC' \
            WHEN a.grantee <> n.nspowner THEN pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END \
            FROM pg_catalog.pg_namespace n LEFT JOIN LATERAL (SELECT DISTINCT grantee \
            FROM pg_catalog.aclexplode(n.nspacl)) a ON true WHERE n.nspname = 'public'
            """, [actor.name])
        guard let first = rows.first else { return PublicSchema(owner: nil, isOurs: true, takesOurs: true) }
        return PublicSchema(
            owner: try first.text(0), isOurs: try first.bool(1), takesOurs: try first.bool(2),
            grantees: rows.compactMap { $0.optional(3) })
    }

    /// The statements that make it what a new database of the same owner has, as far as it is ours.
    func resets(_ actor: InPlaceActor, serverMajor: Int) -> [String] {
        guard isOurs else { return [] }
        var statements = owner == nil ? ["CREATE SCHEMA public"] : []
        let owned = "pg_database_owner"
        var owner = self.owner ?? actor.name
        if serverMajor >= 15, actor.ownsDatabase, owner != owned {
            statements.append("ALTER SCHEMA public OWNER TO \(owned)")
            owner = owned
        }
        statements += grantees.map { "REVOKE ALL ON SCHEMA public FROM \($0) CASCADE" }
        statements.append("GRANT ALL ON SCHEMA public TO \(SQL.identifier(owner))")
        statements.append("GRANT \(serverMajor >= 15 ? "USAGE" : "ALL") ON SCHEMA public TO PUBLIC")
        statements.append("COMMENT ON SCHEMA public IS 'standard public schema'")
        return statements
    }
}

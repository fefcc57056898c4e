/// What `ALTER DEFAULT PRIVILEGES` has set for our roles, and the statements that set it back to what a new database has.
enum DefaultRights {
    static func resets(_ session: PostgresSession, _ actor: InPlaceActor) async throws -> [String] {
        let rows = try await session.rows(
            """
            SELECT r.rolname, n.nspname, d.defaclobjtype, g.name FROM pg_catalog.pg_default_acl d \
            JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole \
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace \
            LEFT JOIN LATERAL (SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' \
            ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS name \
            FROM pg_catalog.aclexplode(d.defaclacl) a) g ON true \
            WHERE r.oid >= 16384 AND NOT r.rolsuper AND pg_catalog.pg_has_role($1, r.oid, 'USAGE') ORDER BY d.oid, 4
            """, [actor.name])
        var statements: [String] = []
        var restored: Set<String> = []
        for row in rows {
            guard let objects = objects(try row.text(2)) else { continue }
            let role = SQL.identifier(try row.text(0))
            let schema = row.optional(1).map { " IN SCHEMA \(SQL.identifier($0))" } ?? ""
            let change = "ALTER DEFAULT PRIVILEGES FOR ROLE \(role)\(schema)"
            if let grantee = row.optional(3) { statements.append("\(change) REVOKE ALL ON \(objects) FROM \(grantee)") }
            // Without a schema the rights replace the server's own default, which has to be said again.
            guard schema.isEmpty, restored.insert("\(role) \(objects)").inserted else { continue }
            statements.append("\(change) GRANT ALL ON \(objects) TO \(role)")
            if objects == "FUNCTIONS" { statements.append("\(change) GRANT EXECUTE ON FUNCTIONS TO PUBLIC") }
            if objects == "TYPES" { statements.append("\(change) GRANT USAGE ON TYPES TO PUBLIC") }
        }
        return statements.filter { $0.contains(" REVOKE ") } + statements.filter { !$0.contains(" REVOKE ") }
    }

    private static func objects(_ type: String) -> String? {
        switch type {
        case "r": "TABLES"
        case "S": "SEQUENCES"
        case "f": "FUNCTIONS"
        case "T": "TYPES"
        case "n": "SCHEMAS"
        case "L": "LARGE OBJECTS"
        default: nil
        }
    }
}

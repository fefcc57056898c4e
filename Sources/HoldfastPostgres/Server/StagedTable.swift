/// A table of a database that is not live yet, as far as counting its rows needs to know it.
struct StagedTable {
    /// An extension made it, and may have filled it.
    var isExtensionsOwn: Bool
    /// The name of the topmost table that it is a partition of.
    var root: String?
    /// Row security hides rows from the table's owner too.
    var isForced: Bool
    /// How many rows more than in the backup were counted.
    var excess: Int64 = 0

    /// By the bytes of the quoted name: names that differ only in how an accent is written are different tables.
    static func read(_ session: PostgresSession) async throws -> [[UInt8]: StagedTable] {
        let rows = try await session.rows(
            """
            SELECT n.nspname, c.relname, EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid \
            AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'e'), \
            CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.regclass::text END, \
            c.relrowsecurity AND c.relforcerowsecurity FROM pg_catalog.pg_class c \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f')
            """)
        var tables: [[UInt8]: StagedTable] = [:]
        for row in rows {
            tables[Array(name(try row.text(0), try row.text(1)).utf8)] = StagedTable(
                isExtensionsOwn: try row.bool(2), root: row.optional(3), isForced: try row.bool(4))
        }
        return tables
    }

    static func name(_ schema: String, _ table: String) -> String {
        "\(SQL.identifier(schema)).\(SQL.identifier(table))"
    }

    /// A dump's block has the rows of that very table, not those of what inherits from it.
    func rows(of name: String, _ session: PostgresSession) async throws -> Int64 {
        // Nobody else uses the database, and the change is taken back.
        let begin = session.isInTransaction ? "SAVEPOINT forced" : "BEGIN"
        let end = session.isInTransaction ? "ROLLBACK TO SAVEPOINT forced" : "ROLLBACK"
        if isForced { try await session.run("\(begin); ALTER TABLE \(name) NO FORCE ROW LEVEL SECURITY") }
        let rows = try await session.rows("SELECT pg_catalog.count(*) FROM ONLY \(name)").first?.int(0) ?? 0
        if isForced { try await session.run(end) }
        return rows
    }
}

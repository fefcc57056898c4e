package import HoldfastModel

extension PostgresServer {
    package func differences(
        of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
    ) async throws -> [String] {
        let session = try await PostgresSession.connect(login.at(database: staged.name))
        guard try await session.oid(of: staged.name) == staged.oid else {
            throw HoldfastError(.conflict, "\(session.address) is not the database of OID \(staged.oid)")
        }
        let kinds = try await session.rows(
            """
            SELECT n.nspname, c.relname, EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid \
            AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'e') FROM pg_catalog.pg_class c \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f')
            """)
        var present: [String: Bool] = [:]
        for kind in kinds { present[Self.name(try kind.text(0), try kind.text(1))] = try kind.bool(2) }

        var differences: [String] = []
        for table in tables {
            let name = Self.name(table.schema, table.name)
            guard let isExtensionsOwn = present[name] else {
                differences.append("\(name.printable()) is missing; the backup has \(table.rows) rows of it")
                continue
            }
            // A dump's block has the rows of that very table, not those of what inherits from it.
            let rows = try await session.rows("SELECT pg_catalog.count(*) FROM ONLY \(name)").first?.int(0) ?? 0
            // An extension fills tables of its own, of which a dump has only what was added to them.
            guard rows != table.rows, !(isExtensionsOwn && rows > table.rows) else { continue }
            differences.append("\(name.printable()) has \(rows) rows and should have \(table.rows)")
        }
        let objects = try await session.rows("SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata")
        if let count = try objects.first?.int(0), count != Int64(largeObjects) {
            differences.append("there are \(count) large objects and should be \(largeObjects)")
        }
        return differences
    }

    private static func name(_ schema: String, _ table: String) -> String {
        "\(SQL.identifier(schema)).\(SQL.identifier(table))"
    }
}

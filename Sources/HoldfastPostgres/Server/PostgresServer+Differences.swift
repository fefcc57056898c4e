package import HoldfastModel

extension PostgresServer {
    package func differences(
        of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
    ) async throws -> [String] {
        let session = try await PostgresSession.connect(login.at(database: staged.name))
        guard try await session.oid(of: staged.name) == staged.oid else {
            throw HoldfastError(.conflict, "\(session.address) is not the database of OID \(staged.oid)")
        }
        return try await Self.differences(session, DumpedCounts(tables: tables, largeObjects: largeObjects))
    }

    /// In the database that the session is in; it may be in a transaction.
    static func differences(_ session: PostgresSession, _ counts: DumpedCounts) async throws -> [String] {
        var differences: [String] = []
        var present = try await StagedTable.read(session)
        for table in counts.tables {
            let name = StagedTable.name(table.schema, table.name)
            guard let known = present[Array(name.utf8)] else {
                differences.append("\(name.printable()) is missing; the backup has \(table.rows) rows of it")
                continue
            }
            let rows = try await known.rows(of: name, session)
            present[Array(name.utf8)]?.excess = rows - table.rows
            // An extension fills tables of its own, of which a dump has only what was added to them.
            guard rows != table.rows, !(known.isExtensionsOwn && rows > table.rows) else { continue }
            // Told below, where the whole table's rows differ.
            if known.root != nil { continue }
            differences.append("\(name.printable()) has \(rows) rows and should have \(table.rows)")
        }
        // Rows that are partitioned by the hash of an enumeration's values are in other partitions here than they were.
        for (root, partitions) in Dictionary(grouping: present.values.filter { $0.root != nil }, by: \.root) {
            let excess = partitions.reduce(0) { $0 + $1.excess }
            guard let root, excess != 0 else { continue }
            differences.append(
                "the partitions of \(root.printable()) have \(abs(excess)) rows \(excess > 0 ? "too many" : "too few")")
        }
        let objects = try await session.rows("SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata")
        if let count = try objects.first?.int(0), count != Int64(counts.largeObjects) {
            differences.append("there are \(count) large objects and should be \(counts.largeObjects)")
        }
        return differences
    }
}

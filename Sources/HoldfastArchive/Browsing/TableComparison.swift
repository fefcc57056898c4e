import Crypto
package import HoldfastModel

/// What differs between the tables of two dumps, by their manifests alone: rows and bytes, and the chunks that hold them.
package struct TableComparison: Sendable {
    package let totals: PartDifference.Totals
    /// By schema and name; those that are the same are left out.
    package let tables: [TableDifference]

    package init(
        from old: ManifestReader<some ObjectSource>, to new: ManifestReader<some ObjectSource>
    ) async throws {
        let older = try await Self.contents(of: old)
        let newer = try await Self.contents(of: new)
        var (totals, tables) = (PartDifference.Totals(), [TableDifference]())
        for key in Set(older.keys).union(newer.keys).sorted() {
            let (left, right) = (older[key], newer[key])
            guard let change = Self.count(left, right, &totals) else { continue }
            tables.append(
                TableDifference(
                    schema: key.schema, name: key.name, change: change, old: left?.side, new: right?.side))
        }
        (self.totals, self.tables) = (totals, tables)
    }

    private struct Key: Hashable, Comparable {
        var schema: String
        var name: String

        static func < (left: Key, right: Key) -> Bool { (left.schema, left.name) < (right.schema, right.name) }
    }

    private struct Content {
        var side: TableDifference.Side
        var dumpID: Int32
        var digest: [UInt8]
    }

    /// Nil for what is the same.
    private static func count(
        _ old: Content?, _ new: Content?, _ totals: inout PartDifference.Totals
    ) -> TableDifference.Change? {
        guard let old else {
            totals.added.add(new?.side.bytes ?? 0)
            return .added
        }
        guard let new else {
            totals.removed.add(old.side.bytes)
            return .removed
        }
        // No rows are no rows, whatever else the dump writes around them.
        if old.side == new.side, old.digest == new.digest || old.side.rows == 0 {
            totals.same.add(new.side.bytes)
            return nil
        }
        // A dump writes the number that it gives a table before the rows, which changes when other tables come and go.
        if old.side == new.side, old.dumpID != new.dumpID {
            totals.unclear.add(new.side.bytes)
            return .unclear
        }
        totals.changed.add(new.side.bytes)
        return .changed
    }

    /// Dumps are cut at each table, so the chunks of equal rows are equal.
    private static func contents(
        of manifest: ManifestReader<some ObjectSource>
    ) async throws -> [Key: Content] {
        let database = try manifest.database()
        let tables = try await database.tables()
        var references = database.references()
        var contents: [Key: Content] = [:]
        var offset: Int64 = 0
        var last: ChunkReference?
        for table in tables {
            var hasher = SHA256()
            // Whatever the cuts are, every chunk that holds a byte of the table counts.
            if let last, offset > table.offset { hasher.update(data: ChunkReference.bytes(of: [last])) }
            while offset < table.offset + table.length, let reference = try await references.next() {
                try Task.checkCancellation()
                offset += Int64(reference.length)
                last = reference
                if offset > table.offset { hasher.update(data: ChunkReference.bytes(of: [reference])) }
            }
            contents[Key(schema: table.schema, name: table.name)] = Content(
                side: TableDifference.Side(rows: table.rows, bytes: table.length), dumpID: table.dumpID,
                digest: Array(hasher.finalize()))
        }
        return contents
    }
}

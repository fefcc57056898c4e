package import HoldfastModel

/// What a whole dump held.
package struct DumpSummary: Hashable, Codable, Sendable {
    package var tables: [DumpTable]
    package var largeObjects: Int
    /// Of the dump itself.
    package var bytes: Int64
    /// The version of `pg_dump`.
    package var toolVersion: String
    package var facts: DatabaseFacts

    package init(tables: [DumpTable], largeObjects: Int, bytes: Int64, toolVersion: String, facts: DatabaseFacts) {
        self.tables = tables
        self.largeObjects = largeObjects
        self.bytes = bytes
        self.toolVersion = toolVersion
        self.facts = facts
    }

    package var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }

    package var counts: DatabaseCounts {
        DatabaseCounts(
            serverVersion: facts.serverVersion, tables: tables.count, rows: rows, largeObjects: largeObjects)
    }
}

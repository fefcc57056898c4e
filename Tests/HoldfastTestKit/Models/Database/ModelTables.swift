/// What a database of a `ModelDatabaseServer` holds.
package struct ModelTables: Hashable, Sendable {
    /// Rows by table, each as COPY's text form writes it, without its newline. All tables lie in the schema `public`.
    package var tables: [String: [String]]

    package init(tables: [String: [String]] = [:]) { self.tables = tables }

    /// A shop's tables with rows of some size, and a `stamp` to tell the versions of a content apart.
    package static func sample(
        stamp: String, rows: Int = 20, using random: inout some RandomNumberGenerator
    ) -> ModelTables {
        let items = (0..<rows).map { "\($0)\titem \(UInt64.random(in: 0...UInt64.max, using: &random))" }
        return ModelTables(tables: ["stamp": [stamp], "item": items, "empty": []])
    }

    /// Which version this is, where it was given a stamp.
    package var stamp: String? { tables["stamp"]?.first }

    package var rows: Int { tables.values.reduce(0) { $0 + $1.count } }
}

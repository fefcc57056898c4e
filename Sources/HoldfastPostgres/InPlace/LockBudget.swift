import HoldfastModel

/// How many locks a transaction that replaces a database's content takes, against what its server is set to.
///
/// Each object that is dropped is locked, down to the defaults of columns and the types of rows, and so is each relation
/// that is made. A server has some room beyond what it is set to, and others need some of it.
struct LockBudget {
    private var dropped: Int64
    private var perTransaction: Int64
    private var sessions: Int64

    static func read(_ session: PostgresSession) async throws -> LockBudget {
        // Everything in a database depends on something, if only on its schema or owner.
        let rows = try await session.rows(
            """
            SELECT (SELECT pg_catalog.count(*) FROM (SELECT DISTINCT classid, objid FROM pg_catalog.pg_depend \
            WHERE objid >= 16384) o) + (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata), \
            pg_catalog.current_setting('max_locks_per_transaction')::bigint, \
            pg_catalog.current_setting('max_connections')::bigint \
            + pg_catalog.current_setting('max_prepared_transactions')::bigint
            """)
        guard let row = rows.first else { throw HoldfastError(.internal, "\(session.address) tells no settings") }
        return LockBudget(dropped: try row.int(0), perTransaction: try row.int(1), sessions: try row.int(2))
    }

    /// - Parameter contents: the new content's; nil where it is not known yet.
    /// - Returns: what to do; nil where there are enough.
    func shortage(for contents: [DumpEntry]?) -> String? {
        let made = (contents ?? []).reduce(Int64(0)) { $0 + Self.locks(of: $1) }
        let needed = dropped + made
        guard needed > perTransaction * sessions else { return nil }
        return """
            replacing the content in one transaction takes about \(needed) locks (\(dropped) for what is dropped\
            \(contents == nil ? "" : ", \(made) for what is made")), and the server is set to \
            \(perTransaction * sessions) (max_locks_per_transaction \(perTransaction), \(sessions) connections and prepared \
            transactions): set max_locks_per_transaction to \(needed / sessions + 1) or more and restart the server, or let \
            the role create databases
            """
    }

    private static func locks(of entry: DumpEntry) -> Int64 {
        switch entry.kind {
        // With the table of its long values and that one's index.
        case "TABLE", "MATERIALIZED VIEW": 3
        case "VIEW", "SEQUENCE", "INDEX", "CONSTRAINT", "FOREIGN TABLE", "COMMENT", "SCHEMA", "EXTENSION": 1
        default: 0
        }
    }
}

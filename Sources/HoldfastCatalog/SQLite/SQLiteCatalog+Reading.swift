import Foundation
import GRDB
package import HoldfastModel

extension SQLiteCatalog {
    package func record(_ key: RecordKey) async throws -> Record? {
        try fetch(
            "SELECT \(Self.columns) FROM record WHERE kind = ? AND key = ?", [key.kind.rawValue, key.key], Self.record
        ).first
    }

    package func records(_ query: RecordQuery) async throws -> [Record] {
        guard query.limit > 0 else { return [] }
        let (sql, arguments) = Self.statement(for: query)
        return try fetch(sql, arguments, Self.record)
    }

    package func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry] {
        guard limit > 0 else { return [] }
        return try fetch(
            "SELECT number, job, at, sum, entry FROM journal WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
            [job.text, number, limit], Self.entry)
    }

    private static let columns = "kind, key, revision, scope, \"group\", \"order\", sum, body"

    /// The statement that the indexes of the schema answer without sorting.
    static func statement(for query: RecordQuery) -> (sql: String, arguments: StatementArguments) {
        let (comparison, direction) = query.descending ? ("<", "DESC") : (">", "ASC")
        var sql = "SELECT \(columns) FROM record WHERE kind = ?"
        var arguments: StatementArguments = [query.kind.rawValue]
        if let scope = query.scope {
            sql += " AND scope = ?"
            arguments += [scope]
        }
        if let group = query.group {
            // Of both, the scope's index is the one to use: few jobs are open.
            sql +=
                query.scope == nil
                ? " AND \"group\" = ? AND \"group\" <> ''" : " AND +\"group\" = ? AND +\"group\" <> ''"
            arguments += [group]
        }
        if query.scope == nil && query.group == nil {
            if let after = query.after {
                sql += " AND key \(comparison) ?"
                arguments += [after.key]
            }
            sql += " ORDER BY key \(direction) LIMIT ?"
        } else {
            if let after = query.after {
                sql += " AND (\"order\", key) \(comparison) (?, ?)"
                arguments += [after.order, after.key]
            }
            sql += " ORDER BY \"order\" \(direction), key \(direction) LIMIT ?"
        }
        arguments += [query.limit]
        return (sql, arguments)
    }

    // Not async, so that GRDB works on this thread instead of hopping to a queue of its own.
    private func fetch<Value>(
        _ sql: String, _ arguments: StatementArguments, _ read: (Row) throws -> Value
    ) throws(HoldfastError) -> [Value] {
        try translating {
            try pool.read { database in
                let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
                var values: [Value] = []
                while let row = try rows.next() { values.append(try read(row)) }
                return values
            }
        }
    }

    private static func record(_ row: Row) throws -> Record {
        guard let kind = RecordKind(rawValue: try row.decode(atIndex: 0)) else {
            throw damaged("a record of an unknown kind")
        }
        let body = try row.decode(Data.self, atIndex: 7)
        let record = Record(
            key: RecordKey(kind, try row.decode(atIndex: 1)), revision: try row.decode(atIndex: 2),
            scope: try row.decode(atIndex: 3), group: try row.decode(atIndex: 4), order: try row.decode(atIndex: 5),
            body: [UInt8](body))
        guard try row.decode(Int64.self, atIndex: 6) == RowSum(record).value else {
            throw damaged("the \(record.key.printable) does not match its sum")
        }
        return record
    }

    private static func entry(_ row: Row) throws -> JournalEntry {
        guard let job = JobID(try row.decode(atIndex: 1)) else { throw damaged("a journal entry of no job") }
        let bytes = try row.decode(Data.self, atIndex: 4)
        let entry = JournalEntry(
            number: try row.decode(atIndex: 0), job: job, at: Timestamp(milliseconds: try row.decode(atIndex: 2)),
            entry: [UInt8](bytes))
        guard try row.decode(Int64.self, atIndex: 3) == RowSum(entry).value else {
            throw damaged("entry \(entry.number) of the journal does not match its sum")
        }
        return entry
    }

    private static func damaged(_ what: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: what)
    }
}

import Foundation
import GRDB
package import HoldfastModel

extension SQLiteCatalog {
    package func takeOffice(above: Epoch) async throws -> Epoch {
        try raiseEpoch(above: above)
    }

    package func commit(_ transaction: Transaction) async throws {
        try transaction.validate()
        try apply(transaction)
    }

    // Not async, so that GRDB works on this thread instead of hopping to a queue of its own.
    private func raiseEpoch(above: Epoch) throws(HoldfastError) -> Epoch {
        guard above.number < UInt64(Int64.max) else { throw .implausibleEpoch(above) }
        return try translating {
            try pool.write { database in
                var office = try Self.office(database)
                let highest = max(office.epoch, Int64(above.number))
                guard highest < Int64.max else { throw HoldfastError.implausibleEpoch(Epoch(UInt64(highest))) }
                office.epoch = highest + 1
                try office.write(database)
                return Epoch(UInt64(office.epoch))
            }
        }
    }

    private func apply(_ transaction: Transaction) throws(HoldfastError) {
        try translating {
            try pool.write { database in
                let current = Epoch(UInt64(try Self.office(database).epoch))
                guard transaction.epoch == current else {
                    throw HoldfastError.deposed(writer: transaction.epoch, current: current)
                }
                for expectation in transaction.expects { try Self.check(expectation, database) }
                for write in transaction.writes { try Self.apply(write, database) }
            }
        }
    }

    private static func office(_ database: Database) throws -> Office {
        guard let office = try Office.read(database), office.epoch >= 0 else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the epoch's row is missing")
        }
        return office
    }

    private static func revision(_ key: RecordKey, _ database: Database) throws -> Int64? {
        let statement = try database.cachedStatement(sql: "SELECT revision FROM record WHERE kind = ? AND key = ?")
        return try Int64.fetchOne(statement, arguments: [key.kind.rawValue, key.key])
    }

    private static func check(_ expectation: Expectation, _ database: Database) throws {
        switch expectation {
        case .absent(let key):
            if let found = try revision(key, database) {
                throw HoldfastError.conflict(key, expected: nil, found: found)
            }
        case .revision(let key, let expected):
            let found = try revision(key, database)
            if found != expected { throw HoldfastError.conflict(key, expected: expected, found: found) }
        }
    }

    private static func apply(_ write: Write, _ database: Database) throws {
        switch write {
        case .put(let key, let scope, let group, let order, let body):
            let last = try revision(key, database) ?? takeDeletedRevision(key, database)
            try put(
                Record(key: key, revision: last + 1, scope: scope, group: group, order: order, body: body), database)
        case .delete(let key): try delete(key, database)
        case .journal(let job, let at, let entry):
            let sum = RowSum(JournalEntry(number: 0, job: job, at: at, entry: entry)).value
            try database.cachedStatement(sql: "INSERT INTO journal (job, at, sum, entry) VALUES (?, ?, ?, ?)")
                .execute(arguments: [job.text, at.milliseconds, sum, Data(entry)])
        }
    }

    private static func put(_ record: Record, _ database: Database) throws {
        let sql = """
            INSERT INTO record (kind, key, revision, scope, "group", "order", sum, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (kind, key) DO UPDATE SET revision = excluded.revision, scope = excluded.scope,
                "group" = excluded."group", "order" = excluded."order", sum = excluded.sum, body = excluded.body
            """
        try database.cachedStatement(sql: sql).execute(arguments: [
            record.key.kind.rawValue, record.key.key, record.revision, record.scope, record.group, record.order,
            RowSum(record).value, Data(record.body),
        ])
    }

    private static func delete(_ key: RecordKey, _ database: Database) throws {
        guard let revision = try revision(key, database) else { return }
        try database.cachedStatement(sql: "DELETE FROM record WHERE kind = ? AND key = ?")
            .execute(arguments: [key.kind.rawValue, key.key])
        try database.cachedStatement(sql: "INSERT INTO deleted (kind, key, revision) VALUES (?, ?, ?)")
            .execute(arguments: [key.kind.rawValue, key.key, revision])
    }

    /// The last revision of a record that was deleted, which counts on from there; 0 where there was none.
    private static func takeDeletedRevision(_ key: RecordKey, _ database: Database) throws -> Int64 {
        let arguments: StatementArguments = [key.kind.rawValue, key.key]
        let statement = try database.cachedStatement(sql: "SELECT revision FROM deleted WHERE kind = ? AND key = ?")
        guard let revision = try Int64.fetchOne(statement, arguments: arguments) else { return 0 }
        try database.cachedStatement(sql: "DELETE FROM deleted WHERE kind = ? AND key = ?").execute(
            arguments: arguments)
        return revision
    }
}

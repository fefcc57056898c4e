import Foundation
import GRDB
package import HoldfastModel

/// The embedded catalog: one SQLite file with a write-ahead log, synced at every commit, for one process at a time.
///
/// Calls block their thread while the disk works. Reads go on beside a commit, on connections of their own.
package final class SQLiteCatalog: Catalog {
    package let path: String
    package let incarnation: String
    let pool: DatabasePool
    // Declared after the pool, and so released after it.
    private let lock: CatalogLock

    /// Files up to this size are read whole and checked when they are opened.
    private static let checkedBytes = 64 << 20

    /// Opens the catalog, or creates an empty one with mode 0600. Its lock file, log and index lie beside it.
    ///
    /// - Throws: `busy` while another process has it open, `corrupt`, `unsupported`, `noSpace`, `inputOutput`.
    package convenience init(path: String, entropy: some Entropy) throws(HoldfastError) {
        try self.init(path: path, schema: .current, entropy: entropy)
    }

    init(path: String, schema: SQLiteSchema, entropy: some Entropy) throws(HoldfastError) {
        self.path = path
        lock = try CatalogLock(besides: path)
        try CatalogFile.prepare(path)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration)
            incarnation = try pool.writeWithoutTransaction { database in
                // The pool has just chosen NORMAL for its only writer, with which a power cut loses acknowledged commits.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try schema.migrate(database, path: path)
                try Self.check(database, path: path)
                return try Self.open(database, entropy: entropy)
            }
        } catch {
            throw HoldfastError(error, catalog: path)
        }
    }

    /// Deleted content is overwritten where it lay; what is left of it is in the log, which is emptied.
    ///
    /// - Throws: `busy` while somebody reads what the log still has.
    package func purge() async throws {
        let isBusy = try translating {
            try pool.writeWithoutTransaction { database in
                try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") != 0
            }
        }
        guard !isBusy else { throw HoldfastError(.busy, "The catalog's log is being read, and is emptied later") }
    }

    /// Ends the use of the file, so that it can be opened again; whatever is called afterwards fails with `unavailable`.
    package func close() throws(HoldfastError) {
        try translating { try pool.close() }
        lock.release()
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "catalog"
        configuration.maximumReaderCount = 4
        // Only foreign tools, such as somebody's sqlite3 shell, can be in the way.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA secure_delete = ON;
                    PRAGMA cache_size = -16384;
                    PRAGMA journal_size_limit = 67108864;
                    """)
        }
        return configuration
    }

    private static func check(_ database: Database, path: String) throws {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let pageBytes = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        guard pages * pageBytes <= checkedBytes else { return }
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard verdict == "ok" else { throw HoldfastError.damagedCatalog(path, verdict.printable()) }
    }

    /// Returns the incarnation, after drawing one for a new catalog.
    private static func open(_ database: Database, entropy: some Entropy) throws -> String {
        if let office = try Office.read(database) { return office.incarnation }
        let office = Office(epoch: 0, incarnation: entropy.bytes(16).hexadecimal)
        try office.write(database)
        return office.incarnation
    }

    /// Runs `work` and tells its errors in our words.
    func translating<Value>(_ work: () throws -> Value) throws(HoldfastError) -> Value {
        do {
            return try work()
        } catch {
            throw HoldfastError(error, catalog: path)
        }
    }
}

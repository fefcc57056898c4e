import GRDB
import HoldfastModel

/// The numbered migrations of the catalog's file. A migration that was ever released is never edited; the file's
/// `user_version` is the number of the last one applied.
struct SQLiteSchema {
    /// `HFCT`, in the file's header: tells a catalog from another program's SQLite database.
    static let applicationID: Int32 = 0x4846_4354

    static let current = SQLiteSchema(migrations: [initial])

    var migrations: [String]
    var version: Int { migrations.count }

    /// Brings the database to this version, each migration in a transaction of its own.
    ///
    /// - Throws: `unsupported` for a later version, and for a database that is no catalog.
    func migrate(_ database: Database, path: String) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard application == Self.applicationID || (isEmpty && application == 0 && found == 0) else {
            throw HoldfastError(
                .unsupported,
                "\(path.printable()) is an SQLite database, but not a catalog of Holdfast: check the data directory")
        }
        guard found <= version else {
            throw HoldfastError(
                .unsupported,
                """
                The catalog \(path.printable()) was written by a later Holdfast (its format is \(found), this program \
                knows \(version)): run that version, or put back a copy of the catalog from before the upgrade
                """)
        }
        for number in max(0, found)..<version {
            try database.inTransaction(.immediate) {
                try database.execute(sql: migrations[number])
                try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(number + 1)")
                return .commit
            }
        }
    }

    /// Bodies lie in a table by row number and the indexes hold only what lists are made by, so that listing reads a few
    /// narrow pages however many and large the bodies are. `deleted` keeps the revision of what is gone.
    private static let initial = """
        CREATE TABLE office (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            epoch INTEGER NOT NULL,
            incarnation TEXT NOT NULL,
            sum INTEGER NOT NULL
        );
        CREATE TABLE record (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            revision INTEGER NOT NULL,
            scope TEXT NOT NULL,
            "group" TEXT NOT NULL,
            "order" INTEGER NOT NULL,
            sum INTEGER NOT NULL,
            body BLOB NOT NULL
        );
        CREATE UNIQUE INDEX record_key ON record (kind, key);
        CREATE INDEX record_scope ON record (kind, scope, "order", key);
        CREATE INDEX record_group ON record (kind, "group", "order", key) WHERE "group" <> '';
        CREATE TABLE deleted (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            revision INTEGER NOT NULL,
            PRIMARY KEY (kind, key)
        ) WITHOUT ROWID;
        CREATE TABLE journal (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            job TEXT NOT NULL,
            at INTEGER NOT NULL,
            sum INTEGER NOT NULL,
            entry BLOB NOT NULL
        );
        CREATE INDEX journal_job ON journal (job, number);
        """
}

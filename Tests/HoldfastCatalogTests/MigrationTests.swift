import GRDB
import HoldfastModel
import Testing

@testable import HoldfastCatalog

/// A catalog of every earlier format opens in this one with all it held.
@Suite(.timeLimit(.minutes(5)))
struct MigrationTests {
    private let entropy = SeededEntropy(seed: 5)

    /// What a program of each format wrote, as that program wrote it: never edited, one added with each migration.
    private static let samples: [Int: String] = [
        1: """
        INSERT INTO office VALUES (1, 12, '000102030405060708090a0b0c0d0e0f', 7831925901764112903);
        INSERT INTO record VALUES (1, 'setting', 'a', 3, 's', 'g', 42, 4267602149939048787, x'626f6479');
        INSERT INTO deleted VALUES ('setting', 'gone', 8);
        INSERT INTO journal VALUES (5, '000000000001', 1234, 6040940470404418197, x'010203');
        """
    ]

    @Test(arguments: 0...SQLiteSchema.current.version)
    func everyEarlierFormatOpens(version: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/catalog.sqlite"
            let old = SQLiteSchema(migrations: Array(SQLiteSchema.current.migrations.prefix(version)))
            let queue = try DatabaseQueue(path: path)
            try queue.inDatabase { database in
                try old.migrate(database, path: path)
                if version > 0 { try database.execute(sql: #require(Self.samples[version])) }
            }
            try queue.close()
            let catalog = try SQLiteCatalog(path: path, entropy: entropy)
            let epoch = try await catalog.takeOffice(above: Epoch(0))
            if version > 0 {
                #expect(epoch == Epoch(13))
                #expect(catalog.incarnation == "000102030405060708090a0b0c0d0e0f")
                let expected = Record(
                    key: .test("a"), revision: 3, scope: "s", group: "g", order: 42, body: Array("body".utf8))
                #expect(try await catalog.record(.test("a")) == expected)
                let entry = JournalEntry(
                    number: 5, job: try testJob(1), at: Timestamp(milliseconds: 1234), entry: [1, 2, 3])
                #expect(try await catalog.journal(of: try testJob(1), after: 0, limit: 9) == [entry])
                try await catalog.commit(Transaction(epoch: epoch, writes: [.test("gone")]))
                #expect(try await catalog.record(.test("gone"))?.revision == 9)
            } else {
                #expect(epoch == Epoch(1))
            }
            try catalog.close()
        }
    }

    @Test func aFailedMigrationLeavesTheFormatBefore() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/catalog.sqlite"
            var schema = SQLiteSchema.current
            try SQLiteCatalog(path: path, schema: schema, entropy: entropy).close()
            schema.migrations += ["ALTER TABLE office ADD COLUMN note TEXT", "CREATE TABLE half (a); SELECT nonsense"]
            #expect(await code { try SQLiteCatalog(path: path, schema: schema, entropy: entropy).close() } == .internal)
            #expect(await code { try SQLiteCatalog(path: path, entropy: entropy).close() } == .unsupported)
            schema.migrations[schema.version - 1] = "CREATE TABLE half (a)"
            try SQLiteCatalog(path: path, schema: schema, entropy: entropy).close()
        }
    }
}

extension DatabaseQueue {
    /// Outside any transaction.
    func inDatabase(_ body: (Database) throws -> Void) throws { try writeWithoutTransaction(body) }
}

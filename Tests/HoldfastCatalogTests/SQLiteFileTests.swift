import Foundation
import GRDB
import HoldfastModel
import Testing

@testable import HoldfastCatalog

@Suite(.timeLimit(.minutes(5)))
struct SQLiteFileTests {
    private let entropy = SeededEntropy(seed: 5)

    private func withPath(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body($0 + "/catalog.sqlite") }
    }

    /// Writes a catalog with one record and one journal entry, and closes it.
    private func prepare(_ path: String) async throws {
        let catalog = try SQLiteCatalog(path: path, entropy: entropy)
        let epoch = try await catalog.takeOffice(above: Epoch(6))
        try await catalog.commit(
            Transaction(
                epoch: epoch,
                writes: [
                    .test("needle", scope: "s", order: 3, body: "in the haystack"),
                    .journal(try testJob(1), at: Timestamp(milliseconds: 1), entry: Array("journalled".utf8)),
                ]))
        try catalog.close()
    }

    private func open(_ path: String) throws { try SQLiteCatalog(path: path, entropy: entropy).close() }

    @Test func everythingIsThereAfterReopening() async throws {
        try await withPath { path in
            try await prepare(path)
            let catalog = try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: 99))
            #expect(catalog.incarnation == entropy.bytes(16).hexadecimal)
            #expect(try await catalog.record(.test("needle"))?.revision == 1)
            #expect(try await catalog.journal(of: try testJob(1), after: 0, limit: 9).count == 1)
            try await catalog.commit(Transaction(epoch: Epoch(7), writes: [.delete(.test("needle"))]))
            #expect(try await catalog.takeOffice(above: Epoch(0)) == Epoch(8))
            try catalog.close()
            let again = try SQLiteCatalog(path: path, entropy: entropy)
            #expect(await code { try await again.commit(Transaction(epoch: Epoch(7))) } == .deposed)
            try await again.commit(Transaction(epoch: Epoch(8), writes: [.test("needle")]))
            #expect(try await again.record(.test("needle"))?.revision == 2)
            try again.close()
            #expect(await code { _ = try await again.record(.test("needle")) } == .unavailable)
        }
    }

    @Test func commitsAreSynced() async throws {
        try await withPath { path in
            let catalog = try SQLiteCatalog(path: path, entropy: entropy)
            let (mode, synchronous) = try catalog.translating {
                try catalog.pool.writeWithoutTransaction { database in
                    (
                        try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                        try Int.fetchOne(database, sql: "PRAGMA synchronous")
                    )
                }
            }
            #expect(mode == "wal")
            #expect(synchronous == 2)
            try catalog.close()
        }
    }

    @Test func onlyTheOwnerMayReadTheFiles() async throws {
        try await withPath { path in
            try await prepare(path)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let catalog = try SQLiteCatalog(path: path, entropy: entropy)
            _ = try await catalog.takeOffice(above: Epoch(0))
            for suffix in ["", "-wal", "-shm", ".lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
            }
            try catalog.close()
        }
    }

    @Test func aSecondProcessIsRefused() async throws {
        try await withPath { path in
            var first: SQLiteCatalog? = try SQLiteCatalog(path: path, entropy: entropy)
            do {
                try open(path)
                Issue.record("opened twice")
            } catch let error as HoldfastError {
                #expect(error.code == .busy)
                #expect(error.message.contains("process \(getpid())"))
            }
            #expect(first?.path == path)
            first = nil
            try open(path)
        }
    }

    @Test func foreignAndDamagedFilesAreRefused() async throws {
        try await withPath { path in
            for garbage in ["x", String(repeating: "not a database ", count: 1000), "SQLite format 3\0"] {
                try Data(garbage.utf8).write(to: URL(fileURLWithPath: path))
                #expect(await code { try open(path) } == .corrupt)
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(garbage.utf8), "left as it was")
            }
        }
        for sql in ["CREATE TABLE theirs (a)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"] {
            try await withPath { path in
                let queue = try DatabaseQueue(path: path)
                try queue.syncWrite { try $0.execute(sql: sql) }
                try queue.close()
                #expect(await code { try open(path) } == .unsupported, "\(sql)")
            }
        }
        #expect(await code { try open("/nonexistent/holdfast/catalog.sqlite") } == .inputOutput)
    }

    @Test func aLaterFormatIsRefused() async throws {
        try await withPath { path in
            try await prepare(path)
            let queue = try DatabaseQueue(path: path)
            try queue.syncWrite { try $0.execute(sql: "PRAGMA user_version = \(SQLiteSchema.current.version + 1)") }
            try queue.close()
            #expect(await code { try open(path) } == .unsupported)
        }
    }

    /// Every byte that rots in what was written is found, by SQLite or by the row's sum, before it reaches anyone.
    @Test func rottenRowsAreFound() async throws {
        try await withPath { path in
            try await prepare(path)
            let sound = try Data(contentsOf: URL(fileURLWithPath: path))
            for text in ["in the haystack", "needle", "journalled", "000000000001"] {
                var damaged = sound
                var range = damaged.range(of: Data(text.utf8))
                while let found = range {
                    damaged[found.lowerBound + 1] ^= 0x04
                    range = damaged.range(of: Data(text.utf8), in: found.upperBound..<damaged.endIndex)
                }
                #expect(damaged != sound)
                try damaged.write(to: URL(fileURLWithPath: path))
                let failure = await code {
                    let catalog = try SQLiteCatalog(path: path, entropy: entropy)
                    defer { try? catalog.close() }
                    _ = try await catalog.records(RecordQuery(.setting, scope: "s"))
                    // By number, as a job's own index would hide a changed job.
                    for job in ["000000000001", "040000000001"] {
                        _ = try await catalog.journal(of: try #require(JobID(job)), after: 0, limit: 9)
                    }
                }
                #expect(failure == .corrupt, "\(text)")
            }
        }
    }

    @Test func aRottenEpochIsFound() async throws {
        try await withPath { path in
            try await prepare(path)
            let queue = try DatabaseQueue(path: path)
            try queue.syncWrite { try $0.execute(sql: "UPDATE office SET epoch = epoch + 1") }
            try queue.close()
            #expect(await code { try open(path) } == .corrupt)
        }
    }

    @Test func aValueOfTheWrongTypeIsFound() async throws {
        for column in ["revision", "scope", "\"order\"", "sum", "body"] {
            try await withPath { path in
                try await prepare(path)
                let queue = try DatabaseQueue(path: path)
                try queue.syncWrite { try $0.execute(sql: "UPDATE record SET \(column) = x'ff00'") }
                try queue.close()
                let catalog = try SQLiteCatalog(path: path, entropy: entropy)
                #expect(await code { _ = try await catalog.record(.test("needle")) } == .corrupt, "\(column)")
                try catalog.close()
            }
        }
    }

    @Test func aFullDiskChangesNothing() async throws {
        try await withPath { path in
            try await prepare(path)
            let catalog = try SQLiteCatalog(path: path, entropy: entropy)
            try catalog.translating {
                try catalog.pool.writeWithoutTransaction { database in
                    let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                    try database.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
                }
            }
            let large = Write.put(.test("large"), scope: "", order: 0, body: [UInt8](repeating: 1, count: 100_000))
            #expect(
                await code { try await catalog.commit(Transaction(epoch: Epoch(7), writes: [.test("small"), large])) }
                    == .noSpace)
            #expect(try await catalog.record(.test("small")) == nil)
            try await catalog.commit(Transaction(epoch: Epoch(7), writes: [.test("small")]))
            try catalog.close()
        }
    }

    /// Lists of any length are read off an index: no sorting, no reading of what isn't asked for.
    @Test func listsAreReadOffAnIndex() async throws {
        try await withPath { path in
            try await prepare(path)
            let catalog = try SQLiteCatalog(path: path, entropy: entropy)
            let after = RecordQuery.Cursor(order: 1, key: "k")
            let expected: [(RecordQuery, String)] = [
                (RecordQuery(.backup, after: after), "INDEX record_key (kind=? AND key>?)"),
                (
                    RecordQuery(.backup, scope: "s", descending: true, after: after),
                    "INDEX record_scope (kind=? AND scope=? AND (order,key)<(?,?))"
                ),
                (
                    RecordQuery(.job, group: "g", descending: true, after: after),
                    "INDEX record_group (kind=? AND group=? AND (order,key)<(?,?))"
                ),
                (RecordQuery(.job, scope: "open", group: "g"), "INDEX record_scope (kind=? AND scope=?)"),
            ]
            for (query, index) in expected {
                let plan = try catalog.translating {
                    try catalog.pool.syncRead { database in
                        let (sql, arguments) = SQLiteCatalog.statement(for: query)
                        return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                            .map { $0["detail"] as String }
                    }
                }
                #expect(plan == ["SEARCH record USING \(index)"])
            }
            try catalog.close()
        }
    }
}

extension DatabaseQueue {
    /// Synchronous also where an async one is preferred.
    func syncWrite(_ body: (Database) throws -> Void) throws { try write(body) }
}

extension DatabasePool {
    func syncRead<Value>(_ body: (Database) throws -> Value) throws -> Value { try read(body) }
}

import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Looking into backups with the real program: tables and files are those that were there.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(6)))
struct BackupContentsRoadTests {
    @Test func tablesAndFilesAreThoseThatWereBackedUp() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            MediaSampleTree(in: shop.liveMedia + "/products", seed: 7)
            let many = shop.liveMedia + "/many"
            try FileManager.default.createDirectory(atPath: many, withIntermediateDirectories: true)
            for number in 1000..<1250 { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(many)/f\(number)")) }
            try await shop.postgres.sql("SET ROLE \(shop.role); CREATE TABLE nothing (t text)", in: shop.liveDatabase)
            let id = try shop.backUp().id.text

            guard case .tables(let page) = try cluster.result("backup", "tables", id) else {
                throw TestFailure("no tables")
            }
            #expect(page.total == page.tables.count && page.next == nil)
            #expect(page.tables.map(\.name) == ["customers", "nothing", "orders"])
            for table in page.tables {
                let rows = try await shop.postgres.sql(
                    "SELECT count(*) FROM \"\(table.schema)\".\"\(table.name)\"", in: shop.liveDatabase)
                #expect("\(table.rows)" == rows, "\(table)")
            }
            var paged: [BackupTable] = []
            var after: Int? = 0
            while let start = after {
                let words = ["--after", "\(start)", "--limit", "1"]
                guard case .tables(let page) = try result(cluster, ["tables", id] + words) else {
                    throw TestFailure("no tables")
                }
                paged += page.tables
                after = page.next
            }
            #expect(paged == page.tables)

            let root = try FileManager.default.contentsOfDirectory(atPath: shop.liveMedia).sorted()
            #expect(try files(cluster, id).map(\.name) == root)
            let names = try FileManager.default.contentsOfDirectory(atPath: many).sorted()
            let found = try files(cluster, id, "/many/", limit: 100)
            #expect(found.map(\.name) == names && found.allSatisfy { $0.kind == .file && $0.bytes == 1 })
            // What people see, and the command that goes on.
            let text = try cluster.holdfast("backup", "files", id, "many", "--limit", "100").output
            #expect(text.contains("f1099") && !text.contains("f1100"))
            let next = try #require(text.split(separator: "\n").last { $0.contains("There are more: holdfast ") })
            let words = next.replacing("'", with: "").split(separator: " ").drop { $0 != "backup" }.map(String.init)
            #expect(try HoldfastBinary.run(words, environment: cluster.client).output.contains("f1100"))
            #expect(throws: (any Error).self) { try cluster.result("backup", "files", id, "no/such") }
            #expect(throws: (any Error).self) { try cluster.result("backup", "files", id, "--from", "00") }
        }
    }

    private func result(_ cluster: Cluster, _ words: [String]) throws -> CommandResult {
        let outcome = try HoldfastBinary.run(["backup"] + words + ["--json"], environment: cluster.client)
        guard outcome.status == 0 else { throw TestFailure("\(words): \(outcome.errors)") }
        return try JSONDecoder().decode(CommandResult.self, from: Data(outcome.output.utf8))
    }

    private func files(
        _ cluster: Cluster, _ id: String, _ path: String? = nil, limit: Int = 200
    ) throws -> [BackupFile] {
        var files: [BackupFile] = []
        var from: String?
        repeat {
            var words = [id, "--limit", "\(limit)"]
            if let from { words.append("--from=\(from)") }
            if let path { words.append(path) }
            guard case .files(let page) = try result(cluster, ["files"] + words) else {
                throw TestFailure("no files")
            }
            files += page.files
            from = page.next
        } while from != nil
        return files
    }
}

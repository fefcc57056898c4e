import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit

/// A small shop on a cluster: `shop/live` with content worth keeping, and `shop/test` with other content.
struct Shop {
    let cluster: Cluster
    let postgres: ThrowawayPostgres
    let role: String

    var liveDatabase: String { "\(role)_live" }
    var testDatabase: String { "\(role)_test" }
    var liveMedia: String { cluster.media.appendingPathComponent("live").path }
    var testMedia: String { cluster.media.appendingPathComponent("test").path }

    /// - Parameter postgres: the tests' shared server where it is nil.
    static func open(
        on cluster: Cluster, rows: Int = 2000, postgres: ThrowawayPostgres? = nil
    ) async throws -> Shop {
        let postgres = if let postgres { postgres } else { try await SharedPostgres.server() }
        let role = "shop_" + UUID().uuidString.prefix(8).lowercased()
        let shop = Shop(cluster: cluster, postgres: postgres, role: role)
        try await shop.makeDatabases(rows: rows)
        try shop.makeMedia()
        try shop.register()
        return shop
    }

    private func makeDatabases(rows: Int) async throws {
        try await postgres.sql("CREATE ROLE \(role) LOGIN CREATEDB PASSWORD 'hush-\(role)'")
        for database in [liveDatabase, testDatabase] {
            try await postgres.sql("CREATE DATABASE \(database) OWNER \(role)")
        }
        try await postgres.sql(
            """
            SET ROLE \(role);
            CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, note text);
            CREATE TABLE orders (id bigserial PRIMARY KEY, customer int REFERENCES customers, total numeric(10, 2));
            INSERT INTO customers SELECT n, 'Customer ' || n, repeat(md5(n::text), n % 7) || E'\\n\\t\\\\'
                FROM generate_series(1, \(rows)) n;
            INSERT INTO orders (customer, total) SELECT 1 + n % \(rows), n * 1.5 FROM generate_series(1, \(rows * 2)) n;
            CREATE VIEW spenders AS SELECT customer, sum(total) FROM orders GROUP BY customer;
            """, in: liveDatabase)
        try await postgres.sql(
            "SET ROLE \(role); CREATE TABLE scratch (t text); INSERT INTO scratch VALUES ('keep me');", in: testDatabase
        )
    }

    private func makeMedia() throws {
        let files = FileManager.default
        for (path, text) in [
            ("live/a.txt", "one"), ("live/products/1.jpg", String(repeating: "jpeg", count: 50_000)),
            ("live/products/deep/er/2.jpg", "two"), ("live/empty", ""), ("test/a.txt", "other"),
            ("test/only-here", "x"),
        ] {
            let url = cluster.media.appendingPathComponent(path)
            try files.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try files.createSymbolicLink(atPath: "\(liveMedia)/link", withDestinationPath: "products/1.jpg")
        try files.linkItem(atPath: "\(liveMedia)/a.txt", toPath: "\(liveMedia)/same-as-a.txt")
    }

    private func register() throws {
        try cluster.result("project", "create", "shop")
        for (environment, database) in [("shop/live", liveDatabase), ("shop/test", testDatabase)] {
            try cluster.result("environment", "create", environment, "--schedule", "none")
            try cluster.result("service", "set", environment, "database", "--url", url(database))
            let media = environment == "shop/live" ? liveMedia : testMedia
            try cluster.result("service", "set", environment, "media", "--path", media)
        }
    }

    func url(_ database: String, password: String? = nil) -> String {
        "postgresql://\(role):\(password ?? "hush-\(role)")@127.0.0.1:\(postgres.port)/\(database)?sslmode=disable"
    }

    /// Everything an environment holds, for comparing: the plain dump, and a digest of the tree.
    func content(_ environment: String) async throws -> Content {
        let isLive = environment == "shop/live"
        let dump = try await postgres.plainDump(of: isLive ? liveDatabase : testDatabase)
        return Content(database: dump, media: MediaTreeDigest(of: isLive ? liveMedia : testMedia).description)
    }

    struct Content: Equatable {
        var database: String
        var media: String
    }

    func backUp(_ environment: String = "shop/live", _ more: String...) throws -> Backup {
        let outcome = try HoldfastBinary.run(
            ["backup", "create", environment, "--json"] + more, environment: cluster.client)
        guard outcome.status == 0,
            case .backup(let detail) = try JSONDecoder().decode(CommandResult.self, from: Data(outcome.output.utf8))
        else { throw TestFailure("backup create: \(outcome.errors)\(outcome.output)") }
        return detail.backup
    }

    func restore(_ backup: BackupID, to environment: String = "shop/test", _ more: String...) throws -> RestoreDetail {
        let outcome = try HoldfastBinary.run(
            ["restore", "start", backup.text, "--to", environment, "--yes", "--json"] + more,
            environment: cluster.client)
        guard outcome.status == 0,
            case .restore(let detail) = try JSONDecoder().decode(CommandResult.self, from: Data(outcome.output.utf8))
        else { throw TestFailure("restore start: \(outcome.errors)\(outcome.output)") }
        return detail
    }
}

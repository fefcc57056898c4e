import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit

/// A shop with two backups of different content, which are restored over each other in `shop/test`.
struct CrashShop {
    struct Edition {
        var backup: BackupID
        var content: Shop.Content
    }

    static let destination = "shop/test"
    /// So many that an exchange of them can be hit in the middle.
    private static let mediaFiles = 24

    let world: CrashWorld
    let shop: Shop
    let editions: [Edition]
    /// Of the destination database itself: who may connect, how many, what is set.
    let properties: String

    static func open(in world: CrashWorld) async throws -> CrashShop {
        let shop = try await Shop.open(on: world.cluster, postgres: world.postgres)
        try world.cluster.result("environment", "change", destination, "--undo-window", "0s")
        try await shop.postgres.sql(
            """
            ALTER DATABASE \(shop.testDatabase) CONNECTION LIMIT 50;
            ALTER DATABASE \(shop.testDatabase) SET work_mem = '5MB';
            COMMENT ON DATABASE \(shop.testDatabase) IS 'the test shop';
            """)
        var editions: [Edition] = []
        for number in 1...2 {
            try await shop.postgres.sql(
                """
                SET ROLE \(shop.role);
                CREATE TABLE IF NOT EXISTS edition (number int); DELETE FROM edition;
                INSERT INTO edition VALUES (\(number));
                UPDATE customers SET note = 'edition \(number)' WHERE id % 10 = 0;
                """, in: shop.liveDatabase)
            for file in 0..<mediaFiles {
                // Some names are in one edition only.
                let name = file % 4 == 3 ? "file-\(file)-of-\(number)" : "file-\(file)"
                try Data("edition \(number) of \(name)".utf8).write(
                    to: URL(fileURLWithPath: "\(shop.liveMedia)/\(name)"))
            }
            for file in 0..<mediaFiles where number == 2 && file % 4 == 3 {
                try FileManager.default.removeItem(atPath: "\(shop.liveMedia)/file-\(file)-of-1")
            }
            let backup = try shop.backUp()
            editions.append(Edition(backup: backup.id, content: try await content(of: "shop/live", shop)))
        }
        // A crash takes sequences back to their last checkpoint and some values on, which is no change of ours.
        try await shop.postgres.sql("CHECKPOINT")
        _ = try shop.restore(editions[0].backup)
        return CrashShop(
            world: world, shop: shop, editions: editions, properties: try await properties(of: shop))
    }

    /// Has something in the store that no backup needs, and leaves the shop as it was.
    ///
    /// - Returns: the deleted one, and one after it that needs little of what was stored for that.
    func backUpAndDelete() throws -> (deleted: BackupID, kept: Backup) {
        let path = "\(shop.liveMedia)/only-for-a-while"
        let longer = "\(shop.liveMedia)/for-a-while-longer"
        // Nothing that could be compressed.
        var entropy = SystemRandomNumberGenerator()
        try Data((0..<40_000).map { _ in entropy.next() }).write(to: URL(fileURLWithPath: path))
        try Data("of few other backups, \(UUID())".utf8).write(to: URL(fileURLWithPath: longer))
        let backup = try shop.backUp("shop/live", "--media").id
        try FileManager.default.removeItem(atPath: path)
        let kept = try shop.backUp("shop/live", "--media")
        try FileManager.default.removeItem(atPath: longer)
        try world.cluster.result("retention", "set", "shop", "--window-days", "0")
        try world.cluster.result("backup", "delete", backup.text, "--yes")
        return (backup, kept)
    }

    /// The order of a table's rows is the server's affair, and another after each restore; so is the root directory's own
    /// time a mark of whoever made or removed something in it last, such as the old content of an earlier restore.
    static func content(of environment: String, _ shop: Shop) async throws -> Shop.Content {
        var content = try await shop.content(environment)
        content.database = content.database.split(separator: "\n").sorted().joined(separator: "\n")
        content.media = content.media.split(separator: "\n").map { line in
            guard line.hasPrefix(" mode="), let time = line.range(of: " time=") else { return String(line) }
            let rest = line[time.upperBound...].drop { $0 != " " }
            return String(line[..<time.lowerBound] + rest)
        }.joined(separator: "\n")
        return content
    }

    static func properties(of shop: Shop) async throws -> String {
        try await shop.postgres.sql(
            """
            SELECT datdba::regrole, pg_encoding_to_char(encoding), datallowconn, datconnlimit, datacl,
                shobj_description(oid, 'pg_database'),
                (SELECT string_agg(setrole || ':' || setconfig::text, ';') FROM pg_db_role_setting WHERE setdatabase = d.oid)
            FROM pg_database d WHERE datname = '\(shop.testDatabase)'
            """)
    }
}

import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit

/// Looks at a destination after a crash, by means of its own: `pg_dump`, `psql` and a walk over the tree.
struct CrashOracle {
    let shop: CrashShop

    private var cluster: Cluster { shop.world.cluster }

    /// The edition, by its index, that the destination holds.
    ///
    /// - Throws: where database and media are not both exactly of one edition.
    func edition() async throws -> Int {
        let content = try await CrashShop.content(of: CrashShop.destination, shop.shop)
        let database = shop.editions.firstIndex { $0.content.database == content.database }
        let media = shop.editions.firstIndex { $0.content.media == content.media }
        guard let database, database == media else {
            try keep(content)
            throw TestFailure(
                """
                the destination is neither old nor new: its database is of \(database.map { "edition \($0)" } ?? "none"), \
                its media of \(media.map { "edition \($0)" } ?? "none")
                """)
        }
        return database
    }

    /// For whoever looks for the cause: what was found, beside what it should be.
    private func keep(_ content: Shop.Content) throws {
        let contents = [("found", content)] + shop.editions.enumerated().map { ("edition-\($0)", $1.content) }
        for (name, content) in contents {
            try content.database.write(toFile: "\(cluster.root.path)/\(name).sql", atomically: true, encoding: .utf8)
            try content.media.write(toFile: "\(cluster.root.path)/\(name).tree", atomically: true, encoding: .utf8)
        }
    }

    /// - Throws: where something is left that no job says it keeps, or the application can't work.
    func tidiness() async throws {
        try await connection()
        guard try await CrashShop.properties(of: shop.shop) == shop.properties else {
            throw TestFailure(
                "the database's own properties changed: \(try await CrashShop.properties(of: shop.shop)) was \(shop.properties)"
            )
        }
        let databases = try await shop.shop.postgres.sql(
            "SELECT datname FROM pg_database WHERE datname LIKE 'hf\\_%' ORDER BY 1"
        ).split(separator: "\n").map(String.init)
        var directories: [String] = []
        for tree in [shop.shop.liveMedia, shop.shop.testMedia] {
            directories += try FileManager.default.contentsOfDirectory(atPath: tree).filter {
                $0.hasPrefix(".holdfast-")
            }
        }
        // What is being dropped just now is asked for again.
        let restores = try restores()
        let jobs = restores.filter { $0.step == .kept || $0.step == .clean }.map(\.job)
        let kept = Set(jobs.map { "hf_\($0)_old" })
        let keptDirectories = Set(jobs.map { ".holdfast-\($0)" })
        let left = databases.filter { !kept.contains($0) } + directories.filter { !keptDirectories.contains($0) }
        guard left.isEmpty else { throw TestFailure("left over, and kept by no job: \(left.joined(separator: ", "))") }
        let notes = (try? FileManager.default.contentsOfDirectory(atPath: notesDirectory)) ?? []
        // What an undo took over is noted until the undo's own old content is dropped.
        let noted = jobs + restores.filter { $0.undoneBy.map(jobs.contains) ?? false }.map(\.job)
        let stray = notes.filter { note in !noted.contains { note.hasPrefix($0.text) } }
        guard stray.isEmpty else { throw TestFailure("notes of no job on the node: \(stray.joined(separator: ", "))") }
    }

    private var notesDirectory: String {
        cluster.root.path + (shop.world.isSingle ? "/data/node/work" : "/node/work")
    }

    private func restores() throws -> [RestoreDetail] {
        guard case .restores(let restores) = try cluster.result("restore", "list", CrashShop.destination) else {
            throw TestFailure("no restores")
        }
        return restores
    }

    /// The application: its own role, over TCP, reads and writes.
    private func connection() async throws {
        let database = shop.shop.testDatabase
        _ = try await shop.shop.postgres.sql(
            """
            BEGIN; INSERT INTO edition VALUES (99); UPDATE orders SET total = total; ROLLBACK; SELECT count(*) FROM orders;
            """, in: database, as: shop.shop.role, password: "hush-\(shop.shop.role)")
    }
}

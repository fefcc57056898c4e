import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// The real program on file systems that fill up while it runs: it says so, loses nothing, and goes on by itself.
@Suite(
    .serialized, .enabled(if: ThrowawayPostgres.isAvailable && SmallDisk.isAvailable), .timeLimit(.minutes(5)))
struct FullDiskRoadTests {
    private func failure(_ cluster: Cluster, _ arguments: String...) throws -> String {
        let outcome = try HoldfastBinary.run(arguments, environment: cluster.client)
        #expect(outcome.status != 0, "\(arguments) should fail")
        return outcome.errors + outcome.output
    }

    private func takesWrites(_ cluster: Cluster) throws -> Bool? {
        guard case .nodes(let nodes) = try cluster.result("node", "list") else { return nil }
        return nodes.first?.takesWrites
    }

    /// The node's reserve is used up, so it takes nothing more; then no byte is left for catalog and store; then there is
    /// room again. One and the same process all along.
    @Test func catalogAndShards() async throws {
        let cluster = try Cluster(settings: ["--reserve", "8MiB"])
        let disk = try SmallDisk(megabytes: 48, at: cluster.root.path + "/data")
        defer { cluster.remove() }
        try cluster.start()
        let shop = try await Shop.open(on: cluster)
        let live = try await shop.content("shop/live")
        let backup = try shop.backUp()

        try disk.fill(leaving: 4 << 10)
        #expect(try failure(cluster, "backup", "create", "shop/test").contains("free"))
        try cluster.until("the node list shows it") { try takesWrites(cluster) == false }
        // What is stored can still be given back.
        #expect(try shop.restore(backup.id, to: "shop/test", "--without-safety").status == .succeeded)
        #expect(try await shop.content("shop/test") == live)

        guard case .accepted(let running) = try cluster.result("backup", "create", "shop/live", "--no-wait") else {
            throw TestFailure("not accepted")
        }
        disk.fillRest()
        let said = try failure(cluster, "project", "create", "another")
        #expect(said.contains("space"), "\(said)")
        #expect(try cluster.holdfast("cluster", "status").status == 0, "it answers what needs no disk")
        #expect(try cluster.holdfast("backup", "show", backup.id.text).status == 0)

        try disk.makeRoom()
        try cluster.until("the job that met a full disk has ended") {
            guard case .job(let detail) = try cluster.result("job", "show", running.job.text) else { return false }
            return detail.summary.endedAt != nil
        }
        try cluster.until("the node takes writes again") { try takesWrites(cluster) == true }
        try cluster.result("project", "create", "another")
        let next = try shop.backUp()
        #expect(next.state == .complete)
        _ = try shop.restore(next.id)
        #expect(try cluster.holdfast("backup", "verify", backup.id.text).status == 0)

        // Killed and started again, nothing that was acknowledged is gone.
        cluster.kill()
        try cluster.start()
        #expect(try cluster.holdfast("backup", "verify", next.id.text).status == 0)
        #expect(cluster.holdfastFailure("project", "create", "another") != nil)
    }

    /// The destination's database lies in a tablespace that is too small for both, and its media on a small disk.
    @Test func destinations() async throws {
        let space = try SmallDisk(megabytes: 40)
        // A server of its own: one whose tablespace is full fails its checkpoints, and with them everybody's work.
        try await ThrowawayPostgres.run { try await destinations(space, on: $0) }
        withExtendedLifetime(space) {}
    }

    private func destinations(_ space: SmallDisk, on server: ThrowawayPostgres) async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let media = try SmallDisk(megabytes: 8, at: cluster.media.path + "/test")
        try cluster.start()
        let shop = try await Shop.open(on: cluster, rows: 60_000, postgres: server)
        try FileManager.default.createDirectory(atPath: space.path + "/pg", withIntermediateDirectories: true)
        if geteuid() == 0, let user = getpwnam("postgres") {
            chown(space.path + "/pg", user.pointee.pw_uid, user.pointee.pw_gid)
        }
        try await shop.postgres.sql("CREATE TABLESPACE small_\(shop.role) LOCATION '\(space.path)/pg'")
        try await shop.postgres.sql("GRANT CREATE ON TABLESPACE small_\(shop.role) TO \(shop.role)")
        try await shop.postgres.sql("ALTER DATABASE \(shop.testDatabase) SET TABLESPACE small_\(shop.role)")
        let (live, before) = (try await shop.content("shop/live"), try await shop.content("shop/test"))
        let oldMedia = MediaTreeDigest(of: shop.testMedia, withRoot: false).lines
        let backup = try shop.backUp()

        // Room for the empty database, and not for its rows.
        try space.fill(leaving: 10 << 10)
        let halfway = try failure(
            cluster, "restore", "start", backup.id.text, "--to", "shop/test", "--yes", "--database")
        #expect(halfway.contains("disk is full") || halfway.contains("No space left"), "\(halfway)")
        #expect(try await shop.content("shop/test") == before)
        #expect(
            try await shop.postgres.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'hf\\_%\\_new'") == "0")
        // Not even an empty database, which has some MiB, can be made.
        try space.makeRoom()
        try await shop.postgres.sql("CHECKPOINT")
        try space.fill(leaving: 3 << 10)
        let full = try failure(
            cluster, "restore", "start", backup.id.text, "--to", "shop/test", "--yes", "--database")
        #expect(full.contains("disk is full") || full.contains("No space left"), "\(full)")
        #expect(try await shop.content("shop/test") == before)
        #expect(
            try await shop.postgres.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'hf\\_%\\_new'") == "0")
        try media.fill()
        let small = try failure(cluster, "restore", "start", backup.id.text, "--to", "shop/test", "--yes", "--media")
        #expect(small.contains("Free some space"), "\(small)")
        try media.makeRoom()
        #expect(try await shop.content("shop/test").database == before.database)
        #expect(MediaTreeDigest(of: shop.testMedia, withRoot: false).lines == oldMedia)

        try space.makeRoom()
        #expect(try shop.restore(backup.id, to: "shop/test").status == .succeeded)
        #expect(try await shop.content("shop/test") == live)
    }
}

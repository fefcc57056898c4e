import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

/// The real program among things that would lead it elsewhere.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct HostileEnvironmentTests {
    /// Every variable that libpq and its tools would follow, set to lead astray. A connection says what it means.
    @Test func variablesOfPostgreSQLAreNotFollowed() async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let services = cluster.root.appendingPathComponent("services")
        try Data("[astray]\nhost=192.0.2.1\nuser=nobody\n".utf8).write(to: services)
        try cluster.start(through: [
            "/usr/bin/env", "PGSERVICE=astray", "PGSERVICEFILE=\(services.path)", "PGSYSCONFDIR=/nonexistent",
            "PGHOST=192.0.2.1", "PGHOSTADDR=192.0.2.1", "PGPORT=1", "PGDATABASE=nothing", "PGUSER=nobody",
            "PGPASSWORD=wrong", "PGPASSFILE=\(services.path)", "PGSSLMODE=verify-full", "PGSSLROOTCERT=/nonexistent",
            "PGSSLKEY=/nonexistent", "PGSSLCERT=/nonexistent", "PGREQUIREPEER=nobody", "PGCHANNELBINDING=require",
            "PGTARGETSESSIONATTRS=standby", "PGOPTIONS=-c default_transaction_read_only=on",
            "PGCLIENTENCODING=SQL_ASCII",
            "PGCONNECT_TIMEOUT=2", "PGGSSENCMODE=require", "PGREPLICATION=true", HoldfastBinary.path,
        ])
        let shop = try await Shop.open(on: cluster)
        let live = try await shop.content("shop/live")
        _ = try shop.restore(try shop.backUp().id)
        #expect(try await shop.content("shop/test") == live)
    }

    /// Each way out of what the node's settings allow, asked for by somebody who may do everything.
    @Test func noCommandWidensWhatTheWorkerMayTouch() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let root = cluster.root.path
            try FileManager.default.createSymbolicLink(
                atPath: cluster.media.path + "/way-out", withDestinationPath: "/etc")
            try cluster.result("environment", "create", "shop/out", "--schedule", "none")
            for path in [
                "/etc", "/", root, root + "/data", root + "/data/node", root + "/media2",
                cluster.media.path + "/../data",
                cluster.media.path + "/way-out", "/proc/self/root" + cluster.media.path,
            ] {
                let refused = cluster.holdfastFailure("service", "set", "shop/out", "media", "--path", path) != nil
                let failure = refused ? "refused" : cluster.holdfastFailure("backup", "create", "shop/out")
                #expect(failure != nil, "\(path) was backed up")
            }
            try cluster.result("service", "remove", "shop/out", "media")
            let database = shop.liveDatabase
            let login = "user=\(shop.role) password=hush-\(shop.role) dbname=\(database) port=\(shop.postgres.port)"
            for text in [
                "host=localhost \(login)", "host=127.1 \(login)", "host=2130706433 \(login)",
                "host=::ffff:127.0.0.1 \(login)", "host=\(shop.postgres.directory) \(login)",
                "host=127.0.0.1 hostaddr=127.0.0.1 \(login)", "host=127.0.0.1,localhost \(login)",
                "service=x \(login)", "host=127.0.0.1 options='-c role=postgres' \(login)",
                "postgresql://\(shop.role)@127.0.0.1:\(shop.postgres.port),localhost/\(database)",
                "postgresql://%2Ftmp/\(database)?user=\(shop.role)",
                "postgresql://\(shop.role)@127%2E0%2E0%2E1%2Clocalhost:\(shop.postgres.port)/\(database)",
                "postgresql://\(shop.role)@127.0.0.1:\(shop.postgres.port)/\(database)?passfile=/etc/passwd",
                "postgresql://\(shop.role)@127.0.0.1:\(shop.postgres.port)/\(database)?sslkey=/etc/shadow",
                "postgresql://\(shop.role)@127.0.0.1:\(shop.postgres.port)/\(database)?sslrootcert=/etc/passwd",
                "postgresql://\(shop.role)@127.0.0.1:\(shop.postgres.port)/\(database)?host=localhost",
                "postgresql://\(shop.role)@127.0.0.1:\(shop.postgres.port)/\(database)?unknown=1",
            ] {
                let refused =
                    cluster.holdfastFailure("service", "set", "shop/out", "database", "--url", text) != nil
                let failure = refused ? "refused" : cluster.holdfastFailure("backup", "create", "shop/out")
                #expect(failure != nil, "\(text) was backed up")
            }
            // Nor may an option of the shell's own line say so, or a second start.
            #expect(cluster.holdfastFailure("backup", "create", "shop/live", "--media-root", "/etc") != nil)
            cluster.stop()
            let widened = try HoldfastBinary.run(["up", "--data", root + "/data", "--media-root", "/etc"])
            #expect(widened.status != 0)
        }
    }
}

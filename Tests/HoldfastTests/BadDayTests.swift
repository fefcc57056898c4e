import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Everyday trouble: each ends with an error that says what to do, and nothing is lost.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct BadDayTests {
    @Test func tellsWhatIsWrong() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)

            try cluster.result("environment", "create", "shop/wrong", "--schedule", "none")
            func failure(_ arguments: String...) throws -> String {
                let outcome = try HoldfastBinary.run(arguments, environment: cluster.client)
                #expect(outcome.status != 0, "\(arguments) should fail")
                return outcome.errors + outcome.output
            }
            try cluster.result(
                "service", "set", "shop/wrong", "database", "--url", shop.url(shop.liveDatabase, password: "nope"))
            let refused = try failure("backup", "create", "shop/wrong")
            #expect(refused.contains("password"))
            #expect(!refused.contains("nope"))

            try cluster.result("service", "set", "shop/wrong", "database", "--url", shop.url("no_such_database"))
            #expect(try failure("backup", "create", "shop/wrong").contains("no_such_database"))

            try cluster.result("service", "remove", "shop/wrong", "database")
            try cluster.result(
                "service", "set", "shop/wrong", "media", "--path", cluster.media.appendingPathComponent("gone").path)
            #expect(try failure("backup", "create", "shop/wrong").contains("gone"))

            let outside = cluster.holdfastFailure("service", "set", "shop/wrong", "media", "--path", "/etc")
            let check = try outside ?? failure("backup", "create", "shop/wrong")
            #expect(check.contains("mediaRoots"))

            #expect(try failure("backup", "create", "shop/nowhere").contains("shop/nowhere"))
            #expect(try failure("backup", "show", "000000000000").contains("000000000000"))
            #expect(try cluster.holdfast("backup", "create").status == 64)
            #expect(try cluster.holdfast("restore", "start", "000000000000", "--to", "shop/test").status == 64)
        }
    }

    @Test func aDumpCutShortIsNoBackup() async throws {
        let tools = FileManager.default.temporaryDirectory.appendingPathComponent("hf-tools-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: tools) }
        let real = ThrowawayPostgres.binaries
        // Gives half of the dump and then claims success; asked for its version it answers truly.
        try """
        #!/bin/sh
        case "$*" in *--version*) exec \(real)/pg_dump --version;; esac
        \(real)/pg_dump "$@" | head -c 3000
        exit 0
        """.write(to: tools.appendingPathComponent("pg_dump"), atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: tools.appendingPathComponent("pg_restore").path, withDestinationPath: "\(real)/pg_restore")
        chmod(tools.appendingPathComponent("pg_dump").path, 0o755)
        try await Cluster.with(settings: ["--tool-directory", tools.path]) { cluster in
            _ = try await Shop.open(on: cluster)
            let outcome = try cluster.holdfast("backup", "create", "shop/live", "--database")
            #expect(outcome.status != 0)
            guard case .backups(let backups) = try cluster.result("backup", "list") else {
                throw TestFailure("no list")
            }
            #expect(backups.map(\.state) == [.failed])
        }
    }

    /// `kill -9` at moments spread over a restore: afterwards the destination is all old or all new, and nothing that a
    /// job made is left but what it says it keeps.
    @Test(arguments: [60, 250, 500, 900, 1400])
    func killedInTheMiddleOfARestore(milliseconds: Int) async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster, rows: 5000)
            let (live, before) = (try await shop.content("shop/live"), try await shop.content("shop/test"))
            let backup = try shop.backUp()
            guard
                case .accepted(let accepted) = try cluster.result(
                    "restore", "start", backup.id.text, "--to", "shop/test", "--yes", "--no-wait")
            else { throw TestFailure("not accepted") }
            usleep(UInt32(milliseconds) * 1000)
            cluster.kill()
            try cluster.start()
            try cluster.until("the restore ends") {
                guard case .restore(let detail) = try cluster.result("restore", "show", accepted.job.text) else {
                    return false
                }
                return detail.status != .running && detail.status != .waiting
            }
            let after = try await shop.content("shop/test")
            guard case .restore(let detail) = try cluster.result("restore", "show", accepted.job.text) else {
                throw TestFailure("no restore")
            }
            #expect(after == (detail.status == .succeeded ? live : before))
            #expect(detail.status == .succeeded, "a restart goes on with the restore: \(detail)")
        }
    }

    @Test func killedInTheMiddleOfABackup() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster, rows: 20_000)
            guard case .accepted(let accepted) = try cluster.result("backup", "create", "shop/live", "--no-wait"),
                let id = accepted.backup
            else { throw TestFailure("not accepted") }
            usleep(300_000)
            cluster.kill()
            try cluster.start()
            try cluster.until("the backup ends") {
                guard case .backup(let detail) = try cluster.result("backup", "show", id.text) else { return false }
                return detail.backup.state != .running
            }
            guard case .backup(let detail) = try cluster.result("backup", "show", id.text) else { return }
            #expect(detail.backup.state == .complete)
            let live = try await shop.content("shop/live")
            _ = try shop.restore(id)
            #expect(try await shop.content("shop/test") == live)
        }
    }

    @Test func garbageOnThePortsDisturbsNobody() async throws {
        try await Cluster.with { cluster in
            let noise = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for port in cluster.ports {
                for garbage in [noise, Array("GET / HTTP/1.1\r\n\r\n".utf8)] {
                    let socket = try await RawSocket.connect(port: port)
                    socket.write(garbage)
                    try await socket.readToEnd()
                }
            }
            try cluster.result("cluster", "status")
        }
    }
}

import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// What the node's user keeps at home for logging in is not shown to servers that a project's owner names.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct OwnCertificateTests {
    @Test func isNotShown() async throws {
        let scratch = MediaScratch()
        let home = scratch.directory("home")
        _ = scratch.directory("home/.postgresql")
        // libpq would fail on reading these.
        for name in ["postgresql.crt", "postgresql.key"] {
            try Data("not PEM".utf8).write(to: URL(fileURLWithPath: "\(home)/.postgresql/\(name)"))
        }
        let server = try await ThrowawayPostgres.start(settings: try Self.tls(in: scratch.directory("tls")))
        let before = getenv("HOME").map { String(cString: $0) }
        setenv("HOME", home, 1)
        defer { _ = before.map { setenv("HOME", $0, 1) } ?? unsetenv("HOME") }
        do {
            var login = server.login("postgres")
            login.address.sslMode = "require"
            let driver = ThrowawayPostgres.driver
            #expect(try await driver.inspect(login, for: .capture).problems.isEmpty)
            var sink = MemorySink()
            _ = try await driver.dump(login, into: &sink)
            #expect(!sink.bytes.isEmpty)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test func norArePasswords() async throws {
        let scratch = MediaScratch()
        let home = scratch.directory("home")
        try Data("*:*:*:*:sesame\n".utf8).write(to: URL(fileURLWithPath: "\(home)/.pgpass"))
        #expect(chmod("\(home)/.pgpass", 0o600) == 0)
        let server = try await SharedPostgres.server()
        try await SampleDatabase.role("forgetful", "LOGIN PASSWORD 'sesame'", on: server)
        let before = getenv("HOME").map { String(cString: $0) }
        setenv("HOME", home, 1)
        defer { _ = before.map { setenv("HOME", $0, 1) } ?? unsetenv("HOME") }
        func problems(_ password: String?) async throws -> [CheckReport.Problem] {
            let login = server.login("postgres", user: "forgetful", password: password)
            return try await ThrowawayPostgres.driver.inspect(login, for: .foreignDump).problems
        }
        #expect(try await problems("sesame").isEmpty)
        #expect(try await problems(nil).map(\.code) == [.loginRefused])
    }

    /// A certificate for the server, whose user must own the key.
    private static func tls(in directory: String) throws -> [String] {
        let (certificate, key) = ("\(directory)/server.crt", "\(directory)/server.key")
        let script = """
            set -e; chmod 755 \(directory) \(directory)/..
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
            -keyout \(key) -out \(certificate)
            chmod 600 \(key); [ $(id -u) != 0 ] || chown postgres \(key)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return ["ssl=on", "ssl_cert_file=\(certificate)", "ssl_key_file=\(key)"]
    }
}

import Foundation
import Testing

@testable import HoldfastConsole

/// What a person sees who has nothing but `openssl`.
@Suite(.timeLimit(.minutes(5))) struct OpenSSLClientTests {
    @Test func session() async throws {
        let output = try await ConsoleFixture.serving { port in
            let directory = FileManager.default.temporaryDirectory.appendingPathComponent("hf-s-client-\(UUID())")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            try TestAuthority.shared.authorityPEM.write(
                to: directory.appendingPathComponent("ca.pem"), atomically: true, encoding: .utf8)
            let input = "login admin-token\nbackup list shop/live\nbackup show nonsense\nquit\n"
            try input.write(to: directory.appendingPathComponent("input"), atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.currentDirectoryURL = directory
            process.arguments = [
                "-c",
                """
                openssl s_client -connect localhost:\(port) -CAfile ca.pem -verify_return_error -quiet \
                -verify_quiet < input > output 2> errors; cat errors >> output
                """,
            ]
            try process.run()
            process.waitUntilExit()
            return String(
                decoding: try Data(contentsOf: directory.appendingPathComponent("output")), as: UTF8.self)
        }
        #expect(output.hasPrefix("Holdfast console 1. Type: login TOKEN. Then: help\nLogged in as anna.\n\nBACKUP "))
        #expect(output.contains("error: The value 'nonsense' is invalid"))
        #expect(output.contains("\nBye.\n"), "\(output)")
    }
}

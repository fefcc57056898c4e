import Foundation

/// A real SMTP server (aiosmtpd), for as long as this lives.
package final class ThrowawayMailServer: @unchecked Sendable {
    package struct Options: Codable, Sendable {
        /// PEM files: with them it speaks TLS, from the beginning or by STARTTLS.
        package var certificate: String?
        package var key: String?
        package var tls = false
        package var user: String?
        package var password: String?
        /// What it answers instead of taking the recipient, or the mail: `550 no such person`.
        package var rcpt: String?
        package var data: String?

        package init() {}
    }

    /// What it took.
    package struct Mail: Codable, Sendable {
        package var from: String
        package var to: [String]
        package var headers: [String: String]
        package var text: String?
        package var html: String?
        package var encrypted: Bool
        package var longestLine: Int
    }

    private struct Greeting: Codable {
        var port: Int
    }

    package let port: Int
    private let process = Process()
    private let input = Pipe()
    private let output: JSONLines

    private static let python = "/usr/bin/python3"
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("mail-server.py").path

    /// Whether this machine has one.
    package static let isAvailable: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", "import aiosmtpd"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    package init(_ options: Options = Options()) throws {
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [Self.script, String(decoding: try JSONEncoder().encode(options), as: UTF8.self)]
        process.standardInput = input
        let pipe = Pipe()
        process.standardOutput = pipe
        output = JSONLines(pipe)
        try process.run()
        port = try output.next(Greeting.self).port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Waits for the next mail that it takes.
    package func nextMail() throws -> Mail { try output.next() }
}

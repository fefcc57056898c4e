import Foundation

/// A real HTTP server that takes what webhooks send, for as long as this lives.
package final class ThrowawayReceiver: @unchecked Sendable {
    package struct Options: Codable, Sendable {
        package var status = 204
        package var headers: [String: String] = [:]
        /// How long its answer is.
        package var bytes = 0
        /// It takes a request, and never answers.
        package var silent = false
        /// PEM files: with them it speaks TLS.
        package var certificate: String?
        package var key: String?

        package init() {}
    }

    /// What it was sent; or, with the method `answered`, how many bytes of a long answer nobody read.
    package struct Request: Codable, Sendable {
        package var method: String
        package var path: String
        /// By lower-case names.
        package var headers: [String: String]
        package var body: String
    }

    private struct Greeting: Codable {
        var port: Int
    }

    package let port: Int
    private let process = Process()
    private let input = Pipe()
    private let output: JSONLines

    package init(_ options: Options = Options()) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("webhook-receiver.py").path
        process.arguments = [script, String(decoding: try JSONEncoder().encode(options), as: UTF8.self)]
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

    /// Waits for the next request.
    package func next() throws -> Request { try output.next() }
}

import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

/// A one-process cluster of its own in a temporary directory, driven through the command line.
final class Cluster {
    let root: URL
    let media: URL
    private(set) var server: ServerProcess?
    /// Of the wire, of the console and of HTTP.
    let ports: [Int]
    private let arguments: [String]
    private let log: URL

    /// - Parameter settings: further arguments of `holdfast up`, such as `--tool-directory`.
    init(settings: [String] = []) throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("hf-test-\(UUID().uuidString)")
        media = root.appendingPathComponent("media")
        log = root.appendingPathComponent("server.log")
        try FileManager.default.createDirectory(at: media, withIntermediateDirectories: true)
        ports = [freePort(), freePort(), freePort()]
        arguments =
            [
                "up", "--data", root.appendingPathComponent("data").path, "--listen", "127.0.0.1:\(ports[0])",
                "--console", "127.0.0.1:\(ports[1])", "--http", "127.0.0.1:\(ports[2])", "--media-root", media.path,
                "--database-host", "127.0.0.1",
                "--reserve", "64MiB",
            ] + settings
    }

    /// Starts a cluster, runs the body, and leaves nothing behind; on failure the server's log is shown.
    static func with<Result>(
        settings: [String] = [], _ body: (Cluster) async throws -> Result
    ) async throws -> Result {
        let cluster = try Cluster(settings: settings)
        defer { cluster.remove() }
        try cluster.start()
        do {
            return try await body(cluster)
        } catch {
            Issue.record("\(error)\n--- server log ---\n\(cluster.logText)")
            throw error
        }
    }

    var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Starts the server and waits until it answers.
    ///
    /// - Parameters:
    ///   - launcher: a program that starts it otherwise, with its arguments and the binary.
    ///   - awaitsNode: whether its node is waited for, too.
    func start(through launcher: [String] = [HoldfastBinary.path], awaitsNode: Bool = true) throws {
        server = try ServerProcess(arguments, log: log, launcher: launcher)
        try until("the cluster answers") {
            guard server?.isRunning == true else { throw TestFailure("holdfast up ended:\n\(logText)") }
            let outcome = try holdfast("cluster", "status", "--json")
            guard outcome.status == 0 else { return false }
            return !awaitsNode || outcome.output.contains("\"state\":\"up\"")
        }
    }

    func kill() { server?.kill() }

    func stop() { server?.stop() }

    func remove() {
        server?.stop()
        try? FileManager.default.removeItem(at: root)
    }

    var client: [String: String] { ["HOLDFAST_CLIENT": root.appendingPathComponent("data/client.json").path] }

    /// What the command says where it fails; nil where it succeeds.
    func holdfastFailure(_ arguments: String...) -> String? {
        guard let outcome = try? HoldfastBinary.run(arguments, environment: client), outcome.status != 0 else {
            return nil
        }
        return outcome.errors + outcome.output
    }

    func holdfast(_ arguments: String..., input: String? = nil) throws -> HoldfastBinary.Outcome {
        try HoldfastBinary.run(arguments, environment: client, input: input)
    }

    /// Runs a command with `--json` and gives its result; anything but success fails the test.
    @discardableResult
    func result(_ arguments: String...) throws -> CommandResult {
        let outcome = try HoldfastBinary.run(arguments + ["--json"], environment: client)
        guard outcome.status == 0 else {
            throw TestFailure("holdfast \(arguments.joined(separator: " ")): \(outcome.errors)\(outcome.output)")
        }
        return try JSONDecoder().decode(CommandResult.self, from: Data(outcome.output.utf8))
    }

    /// Polls something outside this process until it is so, for at most two minutes.
    func until(_ what: String, _ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try !condition() {
            guard ContinuousClock.now < deadline else {
                throw TestFailure("waited two minutes for: \(what)\n\(logText)")
            }
            usleep(50_000)
        }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

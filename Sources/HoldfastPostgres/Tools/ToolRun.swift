import Glibc
import HoldfastModel
import Subprocess

/// One run of `pg_dump` or `pg_restore`.
struct ToolRun {
    /// In place of a database's name, which goes by the environment: a server that vanished is noticed within a minute,
    /// rather than two hours. No time is set for what is sent, as a server may be busy for longer than any with what it has.
    static let keepAlive = "keepalives_idle=30 keepalives_interval=10 keepalives_count=3"

    var tool: String
    var directory: String
    var arguments: [String]
    var login: DatabaseLogin
    var passwordFile: String

    /// How a run ended, and what it said.
    struct Ending: Sendable {
        var status: TerminationStatus
        var messages: TailBuffer

        var isSuccess: Bool { status.isSuccess }
    }

    /// The major version a tool says it is; nil where it says none.
    static func version(of tool: String, in directory: String) async throws -> Int? {
        PostgresEnvironment.clean
        let result = try? await Subprocess.run(
            .name(tool), arguments: ["--version"], environment: .custom(["PATH": directory, "LC_ALL": "C"]),
            output: .string(limit: 4096))
        try Task.checkCancellation()
        let word = result?.standardOutput.split(separator: " ").dropFirst(2).first
        return word.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// Runs the tool and hands each piece of its output to `body`, whose error kills it.
    func read(_ body: ([UInt8]) async throws -> Void) async throws -> Ending {
        do {
            return try await readOutput(body)
        } catch let error as SubprocessError {
            throw unusable(error)
        }
    }

    /// Runs the tool and feeds its input from `source` until that gives nil. A source that throws kills the tool.
    /// - Returns: the ending, and whether the tool took all of it.
    func write(from source: () async throws -> [UInt8]?) async throws -> (ending: Ending, tookAll: Bool) {
        do {
            return try await writeInput(source)
        } catch let error as SubprocessError {
            throw unusable(error)
        }
    }

    /// Runs the tool, feeds its input from a dump, and hands each piece of its output to `body`, whose error kills it.
    /// - Returns: the ending, and whether the tool took all of the dump.
    func convert(
        _ feed: DumpFeed, from source: @escaping DumpSource, _ body: ([UInt8]) async throws -> Void
    ) async throws -> (ending: Ending, tookAll: Bool) {
        do {
            return try await convertInput(feed, source, body)
        } catch let error as SubprocessError {
            throw unusable(error)
        }
    }

    private func readOutput(_ body: ([UInt8]) async throws -> Void) async throws -> Ending {
        let result = try await Subprocess.run(
            .name(tool), arguments: Arguments(arguments), environment: environment, platformOptions: Self.options,
            input: .none, output: .sequence, error: .sequence
        ) { execution in
            async let messages = Self.tail(of: execution.standardError)
            for try await buffer in execution.standardOutput {
                try await body(buffer.withUnsafeBytes { Array($0) })
            }
            return try await messages
        }
        try Task.checkCancellation()
        return Ending(status: result.terminationStatus, messages: result.closureResult)
    }

    private func writeInput(_ source: () async throws -> [UInt8]?) async throws -> (ending: Ending, tookAll: Bool) {
        let result = try await Subprocess.run(
            .name(tool), arguments: Arguments(arguments), environment: environment, platformOptions: Self.options,
            input: .inputWriter, output: .discarded, error: .sequence
        ) { execution in
            async let messages = Self.tail(of: execution.standardError)
            var tookAll = true
            while tookAll, let bytes = try await source() {
                try Task.checkCancellation()
                let taken = try? await execution.standardInputWriter.write(bytes)
                tookAll = taken == bytes.count
            }
            try await execution.standardInputWriter.finish()
            return (try await messages, tookAll)
        }
        try Task.checkCancellation()
        return (Ending(status: result.terminationStatus, messages: result.closureResult.0), result.closureResult.1)
    }

    private func convertInput(
        _ feed: DumpFeed, _ source: @escaping DumpSource, _ body: ([UInt8]) async throws -> Void
    ) async throws -> (ending: Ending, tookAll: Bool) {
        let result = try await Subprocess.run(
            .name(tool), arguments: Arguments(arguments), environment: environment, platformOptions: Self.options,
            input: .inputWriter, output: .sequence, error: .sequence
        ) { execution in
            async let messages = Self.tail(of: execution.standardError)
            async let fed = Self.write(feed, from: source, to: execution.standardInputWriter)
            var failure: (any Error)?
            for try await buffer in execution.standardOutput {
                // Read to its end in any case: a tool that can't write would never stop reading.
                guard failure == nil else { continue }
                do {
                    try await body(buffer.withUnsafeBytes { Array($0) })
                } catch {
                    failure = error
                    try? execution.send(signal: .kill)
                }
            }
            // Without the rest of the dump whatever else went wrong is only what came of it.
            let tookAll = try await fed
            if let failure { throw failure }
            return (try await messages, tookAll)
        }
        try Task.checkCancellation()
        return (Ending(status: result.terminationStatus, messages: result.closureResult.0), result.closureResult.1)
    }

    private static func write(
        _ feed: DumpFeed, from source: DumpSource, to writer: StandardInputWriter
    ) async throws -> Bool {
        var feed = feed
        var failure: (any Error)?
        do {
            while let bytes = try await feed.next(from: source) {
                try Task.checkCancellation()
                guard let taken = try? await writer.write(bytes), taken == bytes.count else { break }
            }
        } catch {
            failure = error
        }
        // The tool then ends by itself, and its output with it.
        try? await writer.finish()
        if let failure { throw failure }
        return feed.isFinished
    }

    /// Why the tool failed, in its own last words.
    func failure(_ ending: Ending) -> HoldfastError {
        let said = PostgresFailure.tidy(ending.messages.lastLines())
        if let known = PostgresFailure.recognised(said, at: login.address) { return known.during(tool) }
        return HoldfastError(
            .toolFailed,
            "\(login.address): \(tool) ended with \(ending.status): \(said.isEmpty ? "it said nothing" : said)")
    }

    private func unusable(_ error: SubprocessError) -> any Error {
        Task.isCancelled
            ? CancellationError()
            : HoldfastError(.toolFailed, "\(directory)/\(tool) can't be run: \(error)".printable(limit: 400))
    }

    private static var options: PlatformOptions {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(500))]
        return options
    }

    /// All a tool gets to see. Names go by the environment, as an argument that looks like a connection string would be
    /// taken for one; the password goes by a file.
    private var environment: Subprocess.Environment {
        let address = login.address
        var values: [Subprocess.Environment.Key: String] = [
            "PATH": directory, "LC_ALL": "C", "PGHOST": address.host, "PGPORT": String(address.port),
            "PGDATABASE": address.database, "PGUSER": address.user, "PGSSLMODE": address.sslMode,
            "PGPASSFILE": passwordFile, "PGSSLCERT": PostgresEnvironment.noFile, "PGGSSENCMODE": "disable",
            "PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "holdfast",
        ]
        // The directory of the server's root certificate, as libpq finds it for our own sessions too.
        if let home = getenv("HOME") { values["HOME"] = String(cString: home) }
        return .custom(values)
    }

    private static func tail(of messages: SubprocessOutputSequence) async throws -> TailBuffer {
        var tail = TailBuffer()
        for try await buffer in messages { buffer.withUnsafeBytes { tail.append($0) } }
        return tail
    }
}

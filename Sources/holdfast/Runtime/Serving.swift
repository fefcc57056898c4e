import Foundation
import Logging
import UnixSignals

/// What every process that serves has in common: it ends in order when an operator asks.
enum Serving {
    /// Runs until `body` ends, or until SIGTERM or SIGINT; then `body` is cancelled and waited for.
    static func untilStopped(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
                    say("Stopping (\(signal)).")
                    return
                }
            }
            defer { group.cancelAll() }
            try await group.next()
            group.cancelAll()
            do {
                while try await group.next() != nil {}
            } catch is CancellationError {
                // The body was told to stop, and did.
            }
        }
    }

    /// A line for whoever started the process.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func logger(_ label: String) -> Logger {
        var logger = Logger(label: "holdfast.\(label)", factory: { StreamLogHandler.standardError(label: $0) })
        // Nobody is to be kept from starting by a misspelt level.
        logger.logLevel =
            ProcessInfo.processInfo.environment["HOLDFAST_LOG"].flatMap { Logger.Level(rawValue: $0) } ?? .info
        return logger
    }
}

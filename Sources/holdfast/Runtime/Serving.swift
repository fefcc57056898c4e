import Foundation
import HoldfastModel
import Logging
import UnixSignals

/// What every process that serves has in common: it ends in order when an operator asks.
enum Serving {
    /// Runs until `body` ends, or until SIGTERM or SIGINT; then `body` is cancelled and waited for.
    static func untilStopped(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try raiseDescriptorLimit()
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

    /// As many files and connections open at a time as this process may have, by its hard limit: more than all that
    /// strangers can hold at its ports. Dispatch ends a process that has none left to look after its threads with.
    ///
    /// - Throws: `invalidArgument` where there can't be enough.
    private static func raiseDescriptorLimit() throws {
        var limit = rlimit()
        guard getrlimit(descriptors, &limit) == 0, limit.rlim_cur < most else { return }
        limit.rlim_cur = min(limit.rlim_max, most)
        guard limit.rlim_cur >= least, setrlimit(descriptors, &limit) == 0 else {
            throw HoldfastError(
                .invalidArgument,
                """
                This process may have only \(limit.rlim_max) files and connections open at a time, and needs \(least): raise \
                the limit (LimitNOFILE= of a systemd unit, --ulimit nofile= of a container, ulimit -Hn of a shell)
                """)
        }
    }

    private static let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    private static let least: rlim_t = 2048
    private static let most: rlim_t = 65_536

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

/// Runs the commands of hooks.
package protocol HookRunner: Sendable {
    /// Runs a program with its arguments, and with nothing but this in its environment. It is killed, with what it started,
    /// at the timeout and where the task is cancelled.
    /// - Throws: `CancellationError`.
    func run(_ command: [String], environment: [String: String], timeout: Duration) async throws -> HookEnding
}

/// What became of a command.
package struct HookEnding: Hashable, Sendable {
    /// “ended with 1”; nil where it succeeded.
    package var failure: String?
    /// The last lines of what it said.
    package var output: String

    package init(failure: String? = nil, output: String = "") {
        self.failure = failure
        self.output = output
    }
}

import Glibc
package import HoldfastModel
import Subprocess

/// Runs hooks' commands as processes of this node's user.
package struct ProcessHookRunner: HookRunner {
    private static let outputLimit = 4 << 10
    private static let lines = 10
    /// Between being asked to end and being killed.
    private static let grace = Duration.seconds(5)

    private let time: any TimeSource

    package init(time: any TimeSource) { self.time = time }

    private struct TimedOut: Error {}

    package func run(
        _ command: [String], environment: [String: String], timeout: Duration
    ) async throws -> HookEnding {
        guard let program = command.first else { return HookEnding(failure: "has no program") }
        let output = HookOutput(limit: Self.outputLimit)
        do {
            let result = try await Subprocess.run(
                .path(.init(program)), arguments: Arguments(Array(command.dropFirst())),
                environment: .custom(Self.environment(environment)), platformOptions: Self.options, input: .none,
                output: .sequence, error: .combinedWithOutput
            ) { [time] execution in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let lines = execution.standardOutput
                    group.addTask {
                        for try await buffer in lines { buffer.withUnsafeBytes { output.append($0) } }
                    }
                    group.addTask {
                        try await time.sleep(for: timeout)
                        throw TimedOut()
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
            try Task.checkCancellation()
            let status = result.terminationStatus
            return HookEnding(
                failure: status.isSuccess ? nil : "ended with \(status)", output: output.lastLines(Self.lines))
        } catch is TimedOut {
            return HookEnding(failure: "was killed after \(timeout)", output: output.lastLines(Self.lines))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try Task.checkCancellation()
            return HookEnding(
                failure: "can't be run: \(error)".printable(limit: 300), output: output.lastLines(Self.lines))
        }
    }

    /// A group of its own, so that what it started is killed with it.
    private static var options: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)]
        return options
    }

    private static func environment(_ values: [String: String]) -> [Subprocess.Environment.Key: String] {
        var environment: [Subprocess.Environment.Key: String] = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
        ]
        if let home = getenv("HOME") { environment["HOME"] = String(cString: home) }
        for (name, value) in values { environment[.init(stringLiteral: name)] = value }
        return environment
    }
}

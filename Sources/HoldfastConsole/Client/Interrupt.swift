import Glibc
import Synchronization

/// Ctrl-C while something is followed: stops the following only. A second one ends the process as ever.
enum Interrupt {
    private static let raised = Atomic<Bool>(false)

    /// Runs `body`; when the person interrupts, calls `stop`, which is to make `body` end.
    ///
    /// - Returns: what `body` returned or threw, and whether it was interrupted.
    static func watching<Success>(
        stop: @escaping @Sendable () -> Void, _ body: () async throws -> Success
    ) async -> (outcome: Result<Success, any Error>, wasInterrupted: Bool) {
        raised.store(false, ordering: .relaxed)
        let previous = signal(SIGINT) { _ in
            // Only what a signal handler may do: a store to memory, and `signal` itself.
            Interrupt.raised.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
        defer { signal(SIGINT, previous) }
        let outcome: Result<Success, any Error> = await withTaskGroup { group in
            group.addTask {
                while (try? await Task.sleep(for: .milliseconds(50))) != nil {
                    if raised.load(ordering: .relaxed) { return stop() }
                }
            }
            defer { group.cancelAll() }
            do { return .success(try await body()) } catch { return .failure(error) }
        }
        return (outcome, raised.load(ordering: .relaxed))
    }
}

import Synchronization

/// Work that may be cancelled until it begins its critical part, and then goes on to its end.
///
/// Between the first file that moves and the known outcome of a COMMIT, a worker that stops because its coordinator went
/// away would leave the old database with the new media until another coordinator comes.
final class Uninterrupted: Sendable {
    private enum State { case preparing, cancelled, begun }
    private let state = Mutex(State.preparing)

    private init() {}

    /// Runs the work to its end before it returns. The work calls `begin` at its point of no return; what follows must be
    /// bounded by itself.
    static func run<Result: Sendable>(
        _ work: @escaping @Sendable (Uninterrupted) async throws -> Result
    ) async throws -> Result {
        let uninterrupted = Uninterrupted()
        // A task of its own is the one thing that doesn't inherit being cancelled. It is awaited here and never outlives
        // this call; it runs where the caller runs, because the work blocks.
        let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
        let task = Task(executorPreference: executor) { try await work(uninterrupted) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            if uninterrupted.cancel() { task.cancel() }
        }
    }

    /// From here on being cancelled is not heard.
    /// - Throws: `CancellationError` where it was heard before.
    func begin() throws {
        let isBegun = state.withLock { state in
            if state == .preparing { state = .begun }
            return state == .begun
        }
        guard isBegun else { throw CancellationError() }
    }

    private func cancel() -> Bool {
        state.withLock { state in
            if state == .preparing { state = .cancelled }
            return state == .cancelled
        }
    }
}

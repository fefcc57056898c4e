import Synchronization

/// Lets one task at a time work on each key, in the order in which they asked.
final class Turns<Key: Hashable & Sendable>: Sendable {
    private struct Waiter {
        var number: UInt64
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        /// Those who wait for a key; one that nobody has is not there.
        var waiting: [Key: [Waiter]] = [:]
        var number: UInt64 = 0
    }

    private let state = Mutex(State())

    func isTaken(_ key: Key) -> Bool { state.withLock { $0.waiting[key] != nil } }

    /// How many wait for whoever has the key.
    func waiters(for key: Key) -> Int { state.withLock { $0.waiting[key]?.count ?? 0 } }

    /// Runs `work` while nobody else works on the key.
    /// - Throws: `CancellationError` as soon as the task is cancelled while it waits.
    func withTurn<Result>(_ key: Key, _ work: () async throws -> Result) async throws -> Result {
        try await take(key)
        defer { give(key) }
        try Task.checkCancellation()
        return try await work()
    }

    private func take(_ key: Key) async throws {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    // The handler below may have run already; one that runs later finds the waiter.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.waiting[key] == nil {
                        state.waiting[key] = []
                        return .success(())
                    }
                    state.waiting[key]?.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let place = state.waiting[key]?.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiting[key]?.remove(at: place)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func give(_ key: Key) {
        let next = state.withLock { state -> Waiter? in
            guard var queue = state.waiting[key], !queue.isEmpty else {
                state.waiting[key] = nil
                return nil
            }
            let next = queue.removeFirst()
            state.waiting[key] = queue
            return next
        }
        next?.continuation.resume()
    }
}

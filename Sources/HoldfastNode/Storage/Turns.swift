import Synchronization

/// Lets one task at a time work on each key, in the order in which they asked.
final class Turns<Key: Hashable & Sendable>: Sendable {
    private let waiting = Mutex<[Key: [CheckedContinuation<Void, Never>]]>([:])

    func isTaken(_ key: Key) -> Bool { waiting.withLock { $0[key] != nil } }

    func take(_ key: Key) async {
        await withCheckedContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                guard waiting[key] == nil else {
                    waiting[key]?.append(continuation)
                    return false
                }
                waiting[key] = []
                return true
            }
            if isFirst { continuation.resume() }
        }
    }

    func give(_ key: Key) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard var queue = waiting[key], !queue.isEmpty else {
                waiting[key] = nil
                return nil
            }
            let next = queue.removeFirst()
            waiting[key] = queue
            return next
        }
        next?.resume()
    }

    /// Runs `work` while nobody else works on the key; not if the task was cancelled while it waited.
    func withTurn<Result>(_ key: Key, _ work: () async throws -> Result) async throws -> Result {
        await take(key)
        defer { give(key) }
        try Task.checkCancellation()
        return try await work()
    }
}

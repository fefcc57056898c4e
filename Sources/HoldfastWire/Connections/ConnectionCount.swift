import Synchronization

/// How many connections of known peers a port has.
package final class ConnectionCount: Sendable {
    private let limit: Int
    private let count = Mutex(0)

    package init(limit: Int) { self.limit = limit }

    /// False where there is no room for one more.
    package func enter() -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    package func leave() { count.withLock { $0 -= 1 } }
}

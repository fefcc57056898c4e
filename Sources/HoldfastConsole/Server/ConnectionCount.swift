import Synchronization

/// How many connections there are, and what becomes of one more.
final class ConnectionCount: Sendable {
    enum Admission {
        case serve
        /// Tell the peer that there is no room.
        case refuse
        case drop
    }

    private struct Counts {
        var served = 0
        var strangers = 0
        var refused = 0
    }

    private let limits: ConsoleLimits
    private let counts = Mutex(Counts())

    init(_ limits: ConsoleLimits) { self.limits = limits }

    func admit() -> Admission {
        counts.withLock { counts in
            if counts.served < limits.connections, counts.strangers < limits.strangers {
                counts.served += 1
                counts.strangers += 1
                return .serve
            }
            guard counts.refused < limits.refusals else { return .drop }
            counts.refused += 1
            return .refuse
        }
    }

    func loggedIn() { counts.withLock { $0.strangers -= 1 } }

    func left(wasLoggedIn: Bool) {
        counts.withLock { counts in
            counts.served -= 1
            if !wasLoggedIn { counts.strangers -= 1 }
        }
    }

    func refusalEnded() { counts.withLock { $0.refused -= 1 } }
}

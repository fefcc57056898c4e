import HoldfastModel
import Synchronization

/// What a session is doing and since when, and so whether it has to be ended.
final class SessionWatch: Sendable {
    enum Phase {
        case loggingIn, idle, busy, closing
    }

    enum Verdict: Equatable {
        case goOn
        /// Say why, then close.
        case end(HoldfastError)
        case hangUp
    }

    private struct State {
        var phase = Phase.loggingIn
        var since: Duration
        var writingSince: Duration?
    }

    private let limits: ConsoleLimits
    private let state: Mutex<State>

    init(_ limits: ConsoleLimits, at uptime: Duration) {
        self.limits = limits
        self.state = Mutex(State(since: uptime))
    }

    /// How often to look: no limit is overstepped by much.
    var tick: Duration {
        let shortest = min(limits.loginTime, limits.idleTime, limits.writeTime, limits.closeTime)
        return max(.milliseconds(10), min(.seconds(1), shortest / 4))
    }

    func enter(_ phase: Phase, at uptime: Duration) {
        state.withLock { state in
            state.phase = phase
            state.since = uptime
        }
    }

    func writes(since uptime: Duration?) { state.withLock { $0.writingSince = uptime } }

    func verdict(at uptime: Duration) -> Verdict {
        state.withLock { state in
            if let since = state.writingSince, uptime - since >= limits.writeTime { return .hangUp }
            let time = uptime - state.since
            switch state.phase {
            case .loggingIn where time >= limits.loginTime:
                return .end(HoldfastError(.timedOut, "No login within \(limits.loginTime). Closing."))
            case .idle where time >= limits.idleTime:
                return .end(HoldfastError(.timedOut, "Nothing was typed for \(limits.idleTime). Closing."))
            case .closing where time >= limits.closeTime: return .hangUp
            default: return .goOn
            }
        }
    }
}

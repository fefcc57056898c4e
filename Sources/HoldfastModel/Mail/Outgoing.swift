/// Something that the catalog keeps until it is delivered: tried again with growing pauses, and given up after days.
package protocol Outgoing: Hashable, Codable, Sendable {
    var createdAt: Timestamp { get }
    var state: DeliveryState { get set }
    var attempts: Int { get set }
    /// Not before this; the end of the last pause while it waits.
    var nextAttemptAt: Timestamp { get set }
    var endedAt: Timestamp? { get set }
    /// Why the last attempt, or all of them, failed.
    var failure: String? { get set }
}

package enum DeliveryState: String, Codable, Sendable, CaseIterable {
    case waiting, sent, failed
}

/// What became of handing something to a server.
package enum DeliveryOutcome: Hashable, Sendable {
    /// The server has taken it on.
    case sent
    /// It will not be taken, now or later.
    case refused(String)
    /// Worth another try.
    case postponed(String)
}

extension Outgoing {
    package static var giveUpAfter: Duration { .seconds(3 * 24 * 60 * 60) }
    private static var longestPause: Duration { .seconds(4 * 60 * 60) }

    /// To be written down before it is handed to a server. Should this process die then, it goes out again after a pause:
    /// sent twice under one identifier, by which whoever gets it sees that it is one, rather than lost.
    package mutating func beginAttempt(at now: Timestamp) {
        attempts += 1
        nextAttemptAt = now.advanced(by: Self.pause(afterAttempt: attempts))
    }

    /// What became of the attempt.
    package mutating func apply(_ outcome: DeliveryOutcome, at now: Timestamp) {
        switch outcome {
        case .sent: end(.sent, nil, at: now)
        case .refused(let reason): end(.failed, reason, at: now)
        case .postponed(let reason):
            failure = reason
            if createdAt.duration(to: now) >= Self.giveUpAfter { end(.failed, reason, at: now) }
        }
    }

    private mutating func end(_ state: DeliveryState, _ failure: String?, at now: Timestamp) {
        self.state = state
        self.failure = failure
        endedAt = now
    }

    /// One minute, then twice as long each time, up to four hours.
    static func pause(afterAttempt attempt: Int) -> Duration {
        min(.seconds(60) * (1 << min(max(attempt - 1, 0), 10)), longestPause)
    }
}

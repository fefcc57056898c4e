/// One mail to one person, as the catalog keeps it until it is sent, and for a while after.
///
/// What it says is not kept but written anew for each attempt: it may have links in it that give out a backup's content.
package struct OutgoingMail: Hashable, Codable, Sendable {
    package var version = 1
    package var id: MailID
    package var to: MailAddress
    package var occasion: Occasion
    package var createdAt: Timestamp
    package var state: State
    package var attempts: Int
    /// Not before this; the end of the last pause while it waits.
    package var nextAttemptAt: Timestamp
    package var endedAt: Timestamp?
    /// Why the last attempt, or all of them, failed.
    package var failure: String?

    /// What the mail is about.
    package enum Occasion: Hashable, Codable, Sendable {
        /// Somebody wants to see whether mail arrives.
        case test(author: String)
        /// The links of a download work.
        case downloadReady(DownloadID)
        /// A download that somebody waits for will not come.
        case downloadFailed(DownloadID)
        /// Somebody can set the password of their account.
        case invitation(InvitationID)
    }

    package enum State: String, Codable, Sendable, CaseIterable {
        case waiting, sent, failed
    }

    package init(id: MailID, to: MailAddress, occasion: Occasion, createdAt: Timestamp) {
        self.id = id
        self.to = to
        self.occasion = occasion
        self.createdAt = createdAt
        self.state = .waiting
        self.attempts = 0
        self.nextAttemptAt = createdAt
    }
}

package typealias MailID = ID<OutgoingMail>

extension OutgoingMail {
    package static let giveUpAfter = Duration.seconds(3 * 24 * 60 * 60)
    private static let longestPause = Duration.seconds(4 * 60 * 60)

    /// To be written down before the mail is handed to a server. Should this process die then, the mail goes out again
    /// after a pause: sent twice under one Message-ID, which mail readers show once, rather than lost.
    package mutating func beginAttempt(at now: Timestamp) {
        attempts += 1
        nextAttemptAt = now.advanced(by: Self.pause(afterAttempt: attempts))
    }

    /// What became of the attempt.
    package mutating func apply(_ outcome: MailOutcome, at now: Timestamp) {
        switch outcome {
        case .sent: end(.sent, nil, at: now)
        case .refused(let reason): end(.failed, reason, at: now)
        case .postponed(let reason):
            failure = reason
            if createdAt.duration(to: now) >= Self.giveUpAfter { end(.failed, reason, at: now) }
        }
    }

    /// Begins anew, by a person's word.
    package mutating func tryAgain(at now: Timestamp) {
        self = OutgoingMail(id: id, to: to, occasion: occasion, createdAt: now)
    }

    private mutating func end(_ state: State, _ failure: String?, at now: Timestamp) {
        self.state = state
        self.failure = failure
        endedAt = now
    }

    /// One minute, then twice as long each time, up to four hours.
    static func pause(afterAttempt attempt: Int) -> Duration {
        min(.seconds(60) * (1 << min(max(attempt - 1, 0), 10)), longestPause)
    }
}

/// What became of handing a mail to a server.
package enum MailOutcome: Hashable, Sendable {
    /// The server has taken it on.
    case sent
    /// It will not be taken, now or later.
    case refused(String)
    /// Worth another try.
    case postponed(String)
}

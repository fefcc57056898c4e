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
        /// Something that this address is to be told.
        case notice(Notice, target: NoticeTargetID)
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

extension OutgoingMail: Outgoing {
    package typealias State = DeliveryState

    /// Begins anew, by a person's word.
    package mutating func tryAgain(at now: Timestamp) {
        self = OutgoingMail(id: id, to: to, occasion: occasion, createdAt: now)
    }
}

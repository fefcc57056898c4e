package import HoldfastModel

/// Who is told, of what, and whether that works.
package struct NoticeTargetDetail: Codable, Hashable, Sendable {
    package var id: NoticeTargetID
    /// Nil is told of everything.
    package var project: Name?
    package var mail: MailAddress?
    /// Scheme and host; the rest of a webhook's address is a secret.
    package var webhook: String?
    package var kinds: [NoticeKind]
    package var createdAt: Timestamp
    package var author: String
    /// Notices that are still on their way.
    package var waiting: Int
    package var lastSentAt: Timestamp?
    /// Why the last one that failed did, unless one was delivered since.
    package var failure: String?

    package init(
        id: NoticeTargetID, project: Name?, mail: MailAddress?, webhook: String?, kinds: [NoticeKind],
        createdAt: Timestamp, author: String, waiting: Int = 0, lastSentAt: Timestamp? = nil, failure: String? = nil
    ) {
        self.id = id
        self.project = project
        self.mail = mail
        self.webhook = webhook
        self.kinds = kinds
        self.createdAt = createdAt
        self.author = author
        self.waiting = waiting
        self.lastSentAt = lastSentAt
        self.failure = failure
    }
}

/// With the key that deliveries to a webhook are signed with, which is shown only now.
package struct NewNoticeTarget: Codable, Hashable, Sendable {
    package var detail: NoticeTargetDetail
    package var key: Secret?

    package init(detail: NoticeTargetDetail, key: Secret?) {
        self.detail = detail
        self.key = key
    }
}

/// What became of a test, as far as is known by now.
package struct NoticeTestResult: Codable, Hashable, Sendable {
    package var target: NoticeTargetID
    package var state: DeliveryState
    package var failure: String?

    package init(target: NoticeTargetID, state: DeliveryState, failure: String?) {
        self.target = target
        self.state = state
        self.failure = failure
    }
}

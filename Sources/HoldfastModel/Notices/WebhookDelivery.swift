/// One notice on its way to one webhook, as the catalog keeps it until it is delivered, and for a while after.
package struct WebhookDelivery: Outgoing {
    package var version = 1
    package var id: WebhookDeliveryID
    package var target: NoticeTargetID
    package var notice: Notice
    package var createdAt: Timestamp
    package var state = DeliveryState.waiting
    package var attempts = 0
    package var nextAttemptAt: Timestamp
    package var endedAt: Timestamp?
    package var failure: String?

    package init(id: WebhookDeliveryID, target: NoticeTargetID, notice: Notice, createdAt: Timestamp) {
        self.id = id
        self.target = target
        self.notice = notice
        self.createdAt = createdAt
        self.nextAttemptAt = createdAt
    }
}

package typealias WebhookDeliveryID = ID<WebhookDelivery>

/// What a webhook is sent, in JSON. Keys are added in later versions, never renamed.
package struct WebhookBody: Hashable, Codable, Sendable {
    package var type: NoticeKind
    package var timestamp: Timestamp
    /// What chat programs show of it.
    package var text: String
    package var data: Content

    package struct Content: Hashable, Codable, Sendable {
        package var title: String
        package var text: String
        package var isOver: Bool
        package var project: Name?
        package var environment: EnvironmentReference?
        package var job: JobID?
        package var backup: BackupID?
        package var node: Name?
        package var region: Name?
    }

    package init(_ notice: Notice) {
        type = notice.kind
        timestamp = notice.at
        text = "\(notice.title). \(notice.text)"
        data = Content(
            title: notice.title, text: notice.text, isOver: notice.isOver, project: notice.environment?.project,
            environment: notice.environment, job: notice.job, backup: notice.backup, node: notice.node,
            region: notice.region)
    }
}

/// Hands webhooks their deliveries, and the seam between Holdfast and the world's.
package protocol WebhookTransport: Sendable {
    /// Whether an address that a person gives can be used at all.
    ///
    /// - Throws: `invalidArgument`.
    func check(_ url: WebhookURL) throws(HoldfastError)

    /// Ends within a minute, whatever the receiver does.
    func post(_ request: WebhookRequest) async -> DeliveryOutcome
}

/// One attempt.
package struct WebhookRequest: Hashable, Sendable {
    package var url: WebhookURL
    /// Lines as HTTP writes them: `name: value`.
    package var headers: [String]
    package var body: [UInt8]

    package init(url: WebhookURL, headers: [String], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

import HoldfastCatalog
import HoldfastModel
import Logging

/// Sends what waits in the catalog: mail, or what webhooks are told. Whoever has something to say puts it there in the
/// transaction that makes it true; so it is sent exactly if what it says has happened.
struct Outbox<Message: Outgoing & CatalogRecord>: Sendable {
    /// Lanes at work at the same time.
    private static var laneLimit: Int { 8 }

    let office: Office
    let room: Mailroom
    /// What one is called, in the log.
    let noun: String
    /// Those of one lane go one after another, so that a slow receiver holds up its own alone.
    let lane: @Sendable (Message) -> String
    let deliver: @Sendable (Message) async throws -> DeliveryOutcome
    /// What belongs into the transaction that gives one up.
    var givenUp: @Sendable (Message) async throws -> Changes = { _ in Changes() }

    /// Until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            var pause = office.configuration.outboxPause
            do {
                try await sendWhatIsDue()
                try await forgetOld()
                if let next = try await waiting().map(\.value.nextAttemptAt).min() {
                    pause = min(pause, max(.seconds(1), office.clock.now.duration(to: next)))
                }
            } catch {
                office.logger.error("Looking for a \(noun) to send: \(HoldfastError(error))")
            }
            await room.wait(atMost: pause, office.time)
        }
    }

    /// One attempt for each whose time has come, the oldest first.
    func sendWhatIsDue() async throws {
        let due = try await waiting().filter { $0.value.nextAttemptAt <= office.clock.now }
        var lanes = Dictionary(grouping: due) { lane($0.value) }.sorted { $0.key < $1.key }.map(\.value)[...]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes.prefix(Self.laneLimit) { group.addTask { try await send(lane) } }
            lanes = lanes.dropFirst(Self.laneLimit)
            while try await group.next() != nil {
                guard let lane = lanes.popFirst() else { continue }
                group.addTask { try await send(lane) }
            }
        }
    }

    private func send(_ lane: [Stored<Message>]) async throws {
        for stored in lane {
            do {
                try await attempt(stored)
            } catch let error as HoldfastError where error.code == .conflict {
                // A person changed it meanwhile.
                continue
            }
        }
    }

    private func waiting() async throws -> [Stored<Message>] {
        try await office.catalog.all(Message.self, scope: OutgoingMail.Scope.waiting.rawValue)
    }

    private func attempt(_ stored: Stored<Message>) async throws {
        var message = stored.value
        message.beginAttempt(at: office.clock.now)
        try await commit(message, over: stored)
        guard let noted = try await office.catalog.get(Message.self, message.catalogKey) else { return }
        let outcome = await outcome(of: message)
        message.apply(outcome, at: office.clock.now)
        try await commit(message, over: noted, message.state == .failed ? try await givenUp(message) : Changes())
        let metadata: Logger.Metadata = ["\(noun)": "\(message.catalogKey)", "attempt": "\(message.attempts)"]
        switch outcome {
        case .sent: office.logger.info("Sent a \(noun)", metadata: metadata)
        case .refused(let reason), .postponed(let reason):
            office.logger.warning(
                "A \(noun) \(message.state == .failed ? "could not be sent" : "is not sent yet"): \(reason)",
                metadata: metadata)
        }
        if message.state == .failed { office.hasNotices() }
    }

    private func outcome(of message: Message) async -> DeliveryOutcome {
        do {
            return try await deliver(message)
        } catch {
            // Such as links that are not served any more: one that can't be written holds up no other.
            return .postponed(HoldfastError(error).message)
        }
    }

    private func commit(
        _ message: Message, over stored: Stored<Message>, _ further: Changes = Changes()
    ) async throws {
        var changes = further
        try changes.put(message, over: stored)
        try await office.ledger.commit(changes)
    }

    /// Who was told what need not be known for ever.
    private func forgetOld() async throws {
        let limit = office.clock.now.advanced(by: .zero - office.configuration.endedMailKept)
        let ended = try await office.catalog.list(
            Message.self, scope: OutgoingMail.Scope.ended.rawValue, limit: 100)
        for stored in ended where stored.value.endedAt.map({ $0 < limit }) ?? false {
            var changes = Changes()
            changes.delete(stored)
            try await office.ledger.commit(changes)
        }
    }
}

extension Outbox<OutgoingMail> {
    static func mail(
        _ office: Office, _ transport: any MailTransport, _ writer: MailWriter
    ) -> Self {
        Outbox(
            office: office, room: office.mailroom, noun: "mail", lane: { _ in "" },
            deliver: { mail in
                guard let message = try await writer.message(for: mail) else {
                    return .refused("What it is about is gone.")
                }
                return await transport.send(message)
            },
            givenUp: { mail in
                guard case .notice(let notice, let target) = mail.occasion else { return Changes() }
                return try await office.undelivered(notice, to: target, because: mail.failure)
            })
    }
}

extension Outbox<WebhookDelivery> {
    static func webhooks(
        _ office: Office, _ transport: any WebhookTransport
    ) -> Self {
        let writer = WebhookWriter(office: office)
        return Outbox(
            office: office, room: office.webhookRoom, noun: "webhook", lane: { $0.target.text },
            deliver: { delivery in
                guard let request = try await writer.request(for: delivery) else {
                    return .refused("Nobody is to be told there any more.")
                }
                return await transport.post(request)
            },
            givenUp: { try await office.undelivered($0.notice, to: $0.target, because: $0.failure) })
    }
}

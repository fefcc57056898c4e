import HoldfastCatalog
import HoldfastModel
import Logging

/// Sends the mail that waits in the catalog. Whoever has something to say puts the mail there in the transaction that makes
/// it true; so a mail is sent exactly if what it says has happened.
package struct Outbox: Sendable {
    let office: Office
    let transport: any MailTransport
    let writer: MailWriter

    /// Until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            var pause = office.configuration.outboxPause
            do {
                try await sendWhatIsDue()
                try await forgetOld()
                if let next = try await waiting().map(\.value.nextAttemptAt).min() {
                    pause = min(pause, max(.seconds(1), office.clock.now.duration(to: next)))
                }
            } catch {
                office.logger.error("Looking for mail to send: \(HoldfastError(error))")
            }
            await office.mailroom.wait(atMost: pause, office.time)
        }
    }

    /// One attempt for each mail whose time has come, the oldest first.
    package func sendWhatIsDue() async throws {
        for stored in try await waiting() where stored.value.nextAttemptAt <= office.clock.now {
            do {
                try await attempt(stored)
            } catch let error as HoldfastError where error.code == .conflict {
                // A person changed it meanwhile.
                continue
            }
        }
    }

    private func waiting() async throws -> [Stored<OutgoingMail>] {
        try await office.catalog.all(OutgoingMail.self, scope: OutgoingMail.Scope.waiting.rawValue)
    }

    private func attempt(_ stored: Stored<OutgoingMail>) async throws {
        var mail = stored.value
        mail.beginAttempt(at: office.clock.now)
        try await commit(mail, over: stored)
        guard let noted = try await office.catalog.get(OutgoingMail.self, mail.id) else { return }
        let outcome = await send(mail)
        mail.apply(outcome, at: office.clock.now)
        try await commit(mail, over: noted)
        let metadata: Logger.Metadata = ["mail": "\(mail.id)", "attempt": "\(mail.attempts)"]
        switch outcome {
        case .sent: office.logger.info("Sent a mail", metadata: metadata)
        case .refused(let reason), .postponed(let reason):
            office.logger.warning(
                "A mail \(mail.state == .failed ? "could not be sent" : "is not sent yet"): \(reason)",
                metadata: metadata)
        }
    }

    private func send(_ mail: OutgoingMail) async -> MailOutcome {
        do {
            guard let message = try await writer.message(for: mail) else {
                return .refused("What it is about is gone.")
            }
            return await transport.send(message)
        } catch {
            // Such as links that are not served any more: one mail that can't be written holds up no other.
            return .postponed(HoldfastError(error).message)
        }
    }

    private func commit(_ mail: OutgoingMail, over stored: Stored<OutgoingMail>) async throws {
        var changes = Changes()
        try changes.put(mail, over: stored)
        try await office.ledger.commit(changes)
    }

    /// Whom mail went to need not be known for ever.
    private func forgetOld() async throws {
        let limit = office.clock.now.advanced(by: .zero - office.configuration.endedMailKept)
        let ended = try await office.catalog.list(
            OutgoingMail.self, scope: OutgoingMail.Scope.ended.rawValue, limit: 100)
        for stored in ended where stored.value.endedAt.map({ $0 < limit }) ?? false {
            var changes = Changes()
            changes.delete(stored)
            try await office.ledger.commit(changes)
        }
    }
}

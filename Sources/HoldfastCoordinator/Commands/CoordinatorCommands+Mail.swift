import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    /// Sends a mail on the road that all take, and says what became of it as far as is known within a quarter of a minute.
    func testMail(to address: MailAddress, _ principal: Principal) async throws -> OutgoingMail {
        try office.requireMail()
        try messages.begin(principal)
        let mail = OutgoingMail(
            id: office.identifier(), to: address, occasion: .test(author: principal.name), createdAt: office.clock.now)
        var changes = Changes()
        try changes.insert(mail)
        try await office.ledger.commit(changes)
        office.mailroom.hasNews()
        return try await followed(mail)
    }

    /// What waits, then what ended, the newest first.
    func listMail() async throws -> [OutgoingMail] {
        let waiting = try await office.catalog.all(OutgoingMail.self, scope: OutgoingMail.Scope.waiting.rawValue)
        let ended = try await office.catalog.list(
            OutgoingMail.self, scope: OutgoingMail.Scope.ended.rawValue, descending: true, limit: 100)
        return waiting.map(\.value).reversed() + ended.map(\.value)
    }

    func retryMail(_ id: MailID) async throws -> OutgoingMail {
        try office.requireMail()
        guard let stored = try await office.catalog.get(OutgoingMail.self, id) else {
            throw HoldfastError(.notFound, "There is no mail \(id): `mail list` shows them")
        }
        guard stored.value.state != .sent else {
            throw HoldfastError(.invalidArgument, "Mail \(id) was sent: nothing is left to try")
        }
        var mail = stored.value
        mail.tryAgain(at: office.clock.now)
        var changes = Changes()
        try changes.put(mail, over: stored)
        try await office.ledger.commit(changes)
        office.mailroom.hasNews()
        return try await followed(mail)
    }

    /// What became of it within a quarter of a minute.
    func followed<Message: Outgoing & CatalogRecord>(_ message: Message) async throws -> Message {
        var current = message
        for _ in 0..<75 where current.state == .waiting && current.failure == nil {
            try await office.time.sleep(for: .milliseconds(200))
            guard let stored = try await office.catalog.get(Message.self, message.catalogKey) else { break }
            current = stored.value
        }
        return current
    }
}

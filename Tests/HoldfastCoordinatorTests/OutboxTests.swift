import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import Synchronization
import Testing

/// Mail waits in the catalog, and goes out from there.
struct OutboxTests {
    @Test func itIsSentOnceAndTold() async throws {
        let cluster = try await Cluster()
        let transport = FakeMail()
        let result = try await cluster.lead(mail: transport) { coordinator in
            try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
        }
        guard case .mail(let mail) = result else { Issue.record("\(result)"); return }
        #expect(mail.state == .sent && mail.attempts == 1)
        #expect(transport.messages.map(\.id) == [mail.id])
        #expect(transport.messages.first?.text.contains("arrives here") == true)
    }

    @Test func itIsTriedAgainUntilTheServerTakesIt() async throws {
        let cluster = try await Cluster()
        let transport = FakeMail([.postponed("away"), .postponed("away"), .sent])
        try await cluster.lead(mail: transport) { coordinator in
            _ = try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            try await cluster.until("sent") { try await cluster.mails(coordinator).first?.state == .sent }
            #expect(try await cluster.mails(coordinator).first?.attempts == 3)
        }
        #expect(Set(transport.messages.map(\.id)).count == 1)
    }

    /// Killed while the server was asked: its successor sends it after the pause, under the same name.
    @Test func whatASuccessorFindsItSends() async throws {
        let cluster = try await Cluster()
        let hanging = FakeMail([], hangs: true)
        try await cluster.lead(mail: hanging) { coordinator in
            _ = try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            // Another takes office, so that what the first has to say of its attempt comes too late.
            _ = try await cluster.catalog.takeOffice(above: Epoch(0))
        }
        let transport = FakeMail()
        try await cluster.lead(mail: transport) { coordinator in
            try await cluster.until("sent") { try await cluster.mails(coordinator).first?.state == .sent }
            #expect(try await cluster.mails(coordinator).first?.attempts == 2)
        }
        #expect(transport.messages.map(\.id) == hanging.messages.map(\.id))
    }

    @Test func aRefusedOneWaitsForAPersonsWord() async throws {
        let cluster = try await Cluster()
        let transport = FakeMail([.refused("no such person"), .sent])
        try await cluster.lead(mail: transport) { coordinator in
            let refused = try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            guard case .mail(let mail) = refused else { Issue.record("\(refused)"); return }
            #expect(mail.state == .failed && mail.failure == "no such person")
            guard case .mail(let again) = try await cluster.perform(coordinator, .mailRetry(mail.id)) else { return }
            #expect(again.state == .sent)
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .mailRetry(mail.id)) }
        }
    }

    @Test func withoutAServerThatIsSaid() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { coordinator in
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            }
            #expect(error?.code == .checkFailed)
            #expect(error?.message.contains("coordinator.yaml") == true)
        }
    }
}

extension Cluster {
    fileprivate func mails(_ coordinator: Coordinator) async throws -> [OutgoingMail] {
        guard case .mails(let mails) = try await perform(coordinator, .mailList) else { return [] }
        return mails
    }
}

/// Answers in turn, then takes all.
private final class FakeMail: MailTransport {
    private let state: Mutex<(answers: [MailOutcome], messages: [MailMessage])>
    private let hangs: Bool

    init(_ answers: [MailOutcome] = [], hangs: Bool = false) {
        state = Mutex((answers, []))
        self.hangs = hangs
    }

    var messages: [MailMessage] { state.withLock(\.messages) }

    func send(_ message: MailMessage) async -> MailOutcome {
        let answer = state.withLock { state in
            state.messages.append(message)
            return state.answers.isEmpty ? .sent : state.answers.removeFirst()
        }
        while hangs && !Task.isCancelled { await Task.yield() }
        return answer
    }
}

import HoldfastModel
import Synchronization

/// Answers in turn, then takes all.
final class FakeMail: MailTransport {
    private let state: Mutex<(answers: [DeliveryOutcome], messages: [MailMessage])>
    private let hangs: Bool

    init(_ answers: [DeliveryOutcome] = [], hangs: Bool = false) {
        state = Mutex((answers, []))
        self.hangs = hangs
    }

    var messages: [MailMessage] { state.withLock(\.messages) }

    func send(_ message: MailMessage) async -> DeliveryOutcome {
        let answer = state.withLock { state in
            state.messages.append(message)
            return state.answers.isEmpty ? .sent : state.answers.removeFirst()
        }
        while hangs && !Task.isCancelled { await Task.yield() }
        return answer
    }
}

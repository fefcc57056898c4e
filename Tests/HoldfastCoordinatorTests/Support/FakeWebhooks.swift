import HoldfastModel
import Synchronization

/// Answers each host's in turn, then takes all.
final class FakeWebhooks: WebhookTransport {
    private let state: Mutex<(answers: [String: [DeliveryOutcome]], requests: [WebhookRequest])>
    private let away: Set<String>

    /// - Parameter away: hosts that never take anything.
    init(_ answers: [String: [DeliveryOutcome]] = [:], away: Set<String> = []) {
        state = Mutex((answers, []))
        self.away = away
    }

    var requests: [WebhookRequest] { state.withLock(\.requests) }

    func requests(to host: String) -> [WebhookRequest] { requests.filter { $0.url.shown == host } }

    func check(_ url: WebhookURL) throws(HoldfastError) {
        guard url.isSecure else { throw HoldfastError(.invalidArgument, "https:// only") }
    }

    func post(_ request: WebhookRequest) async -> DeliveryOutcome {
        state.withLock { state in
            state.requests.append(request)
            if away.contains(request.url.shown) { return .postponed("away") }
            guard var answers = state.answers[request.url.shown], !answers.isEmpty else { return .sent }
            let answer = answers.removeFirst()
            state.answers[request.url.shown] = answers
            return answer
        }
    }
}

extension WebhookRequest {
    /// Of the field, in lower case.
    func header(_ name: String) -> String? {
        headers.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastMail

/// Webhooks to a real HTTP server.
@Suite(.timeLimit(.minutes(5))) struct WebhookSenderTests {
    private func request(_ url: String, body: String = "{}") throws -> WebhookRequest {
        WebhookRequest(
            url: try WebhookURL(Secret(url)), headers: ["Content-Type: application/json", "webhook-id: x"],
            body: Array(body.utf8))
    }

    private var anywhere: WebhookSender.Rules {
        var rules = WebhookSender.Rules()
        rules.allowsPrivate = true
        return rules
    }

    private func post(_ options: ThrowawayReceiver.Options, _ rules: WebhookSender.Rules) async throws
        -> DeliveryOutcome
    {
        let receiver = try ThrowawayReceiver(options)
        return await WebhookSender(rules).post(try request("http://127.0.0.1:\(receiver.port)/x"))
    }

    @Test func itArrivesAsItWasWritten() async throws {
        let receiver = try ThrowawayReceiver()
        let body = #"{"text":"Täglich"}"# + String(repeating: " ", count: 5000)
        let url = "http://127.0.0.1:\(receiver.port)/hooks/a?b=c"
        #expect(await WebhookSender(anywhere).post(try request(url, body: body)) == .sent)
        let request = try receiver.next()
        #expect(request.method == "POST" && request.path == "/hooks/a?b=c" && request.body == body)
        #expect(request.headers["content-type"] == "application/json" && request.headers["webhook-id"] == "x")
        #expect(request.headers["expect"] == nil && request.headers["user-agent"] == "Holdfast")
    }

    /// Nobody has this machine knock at doors inside: not by address, not by a name that leads there, not without TLS.
    @Test(arguments: ["https://127.0.0.1", "https://localhost", "https://[::1]", "https://0.0.0.0"])
    func privateAddressesAreRefused(host: String) async throws {
        let receiver = try ThrowawayReceiver()
        let outcome = await WebhookSender(WebhookSender.Rules()).post(
            try request("\(host):\(receiver.port)/sesame"))
        guard case .postponed(let reason) = outcome else { Issue.record("\(outcome)"); return }
        #expect(reason.contains("privateAddresses") && !reason.contains("sesame"))
        // Not even whether there is such a name is told.
        let unknown = try request("https://no-such-name.invalid:\(receiver.port)/sesame")
        let name = String(host.dropFirst(8))
        guard case .postponed(let other) = await WebhookSender(WebhookSender.Rules()).post(unknown) else { return }
        #expect(other.replacing("no-such-name.invalid", with: name) == reason)
        // What comes next is the first that arrives.
        #expect(await WebhookSender(anywhere).post(try request("http://127.0.0.1:\(receiver.port)/ok")) == .sent)
        #expect(try receiver.next().path == "/ok")
    }

    @Test func plainHTTPNeedsAWord() async throws {
        let url = try request("http://example.org/sesame")
        guard case .refused(let reason) = await WebhookSender(WebhookSender.Rules()).post(url) else {
            Issue.record("posted in the clear")
            return
        }
        #expect(reason.contains("https://") && !reason.contains("sesame"))
        #expect(throws: HoldfastError.self) { try WebhookSender(WebhookSender.Rules()).check(url.url) }
    }

    @Test func redirectsAreNotFollowed() async throws {
        let other = try ThrowawayReceiver()
        var options = ThrowawayReceiver.Options()
        (options.status, options.headers) = (307, ["Location": "http://127.0.0.1:\(other.port)/stolen"])
        guard case .postponed(let reason) = try await post(options, anywhere) else {
            Issue.record("followed")
            return
        }
        #expect(reason.contains("307") && reason.contains("not followed"))
        #expect(await WebhookSender(anywhere).post(try request("http://127.0.0.1:\(other.port)/ok")) == .sent)
        #expect(try other.next().path == "/ok")
    }

    @Test(arguments: [(200, "sent"), (404, "postponed"), (500, "postponed"), (429, "postponed"), (410, "refused")])
    func theReceiversWordDecides(status: Int, expected: String) async throws {
        var options = ThrowawayReceiver.Options()
        options.status = status
        #expect("\(try await post(options, anywhere))".hasPrefix(expected))
    }

    /// An answer that doesn't end is not read to its end.
    @Test func answersAreBounded() async throws {
        var options = ThrowawayReceiver.Options()
        (options.status, options.bytes) = (200, 1 << 30)
        let receiver = try ThrowawayReceiver(options)
        #expect(await WebhookSender(anywhere).post(try request("http://127.0.0.1:\(receiver.port)/x")) == .sent)
        _ = try receiver.next()
        let rest = try receiver.next()
        #expect(rest.method == "answered" && Int(rest.body) ?? 0 > 1 << 29)
        var rules = anywhere
        rules.answerBytes = 10
        options.status = 500
        guard case .postponed = try await post(options, rules) else { Issue.record("taken"); return }
    }

    @Test func silenceEndsInTime() async throws {
        var options = ThrowawayReceiver.Options()
        options.silent = true
        var rules = anywhere
        rules.timeout = .milliseconds(300)
        let start = ContinuousClock.now
        guard case .postponed(let reason) = try await post(options, rules) else { Issue.record("taken"); return }
        #expect(reason.contains("127.0.0.1") && !reason.contains("/x"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    /// A certificate that nobody vouches for is none.
    @Test func certificatesAreChecked() async throws {
        let certificate = try SelfSigned()
        var options = ThrowawayReceiver.Options()
        (options.certificate, options.key) = (certificate.path, certificate.keyPath)
        let receiver = try ThrowawayReceiver(options)
        let request = try request("https://127.0.0.1:\(receiver.port)/x")
        guard case .postponed = await WebhookSender(anywhere).post(request) else {
            Issue.record("a certificate that nobody trusts was taken")
            return
        }
        var rules = anywhere
        rules.certificateAuthorities = certificate.path
        #expect(await WebhookSender(rules).post(request) == .sent)
    }
}

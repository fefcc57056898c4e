import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastMail

/// Mail to a real server.
@Suite(.enabled(if: ThrowawayMailServer.isAvailable))
struct SMTPTransportTests {
    private let message: MailMessage
    private let from: MailAddress

    init() throws {
        from = try MailAddress("backups@example.org")
        message = MailMessage(
            id: try #require(MailID("1t6x0fk4w2qz")), to: try MailAddress("anna@example.org"),
            date: Timestamp(milliseconds: 1_795_381_200_000), subject: "Täglich: “shop/live” – fertig",
            text: "Grüße\n.\n" + String(repeating: "long ", count: 400) + "\n", html: "<p>Grüße</p>\n")
    }

    private func server(
        _ port: Int, _ security: MailServer.Security = .none, authorities: String? = nil
    ) -> MailServer {
        MailServer(
            host: "127.0.0.1", port: port, security: security, from: from, fromName: "Holdfast at Müller & Söhne",
            certificateAuthorities: authorities)
    }

    @Test func aMailArrivesAsItWasWritten() async throws {
        let throwaway = try ThrowawayMailServer()
        #expect(await SMTPTransport(server(throwaway.port)).send(message) == .sent)
        let mail = try throwaway.nextMail()
        #expect(mail.from == "backups@example.org")
        #expect(mail.to == ["anna@example.org"])
        #expect(mail.headers["Subject"] == message.subject)
        #expect(mail.headers["From"] == "Holdfast at Müller & Söhne <backups@example.org>")
        #expect(mail.headers["Message-ID"] == "<1t6x0fk4w2qz.holdfast@example.org>")
        #expect(mail.headers["Date"] == "Sun, 22 Nov 2026 21:00:00 +0000")
        #expect(mail.headers["Auto-Submitted"] == "auto-generated")
        #expect(mail.text?.replacing("\r\n", with: "\n") == message.text)
        #expect(mail.html?.replacing("\r\n", with: "\n") == message.html)
        #expect(mail.longestLine <= 998)
    }

    @Test(arguments: [true, false])
    func itGoesUnderTLSWithAPassword(fromTheFirstByte: Bool) async throws {
        let certificate = try SelfSigned()
        var options = ThrowawayMailServer.Options()
        (options.certificate, options.key, options.tls) = (certificate.path, certificate.keyPath, fromTheFirstByte)
        (options.user, options.password) = ("holdfast", "swordfish")
        let throwaway = try ThrowawayMailServer(options)
        var server = server(throwaway.port, fromTheFirstByte ? .tls : .startTLS, authorities: certificate.path)
        (server.user, server.password) = ("holdfast", Secret("swordfish"))
        #expect(await SMTPTransport(server).send(message) == .sent)
        #expect(try throwaway.nextMail().encrypted)

        // A wrong password is for the operator to mend, so the mail stays; and nothing repeats it.
        server.password = Secret("herring")
        let outcome = await SMTPTransport(server).send(message)
        guard case .postponed(let reason) = outcome else { Issue.record("\(outcome)"); return }
        #expect(reason.contains("password") && !reason.contains("herring"), "\(reason)")

        // Somebody else's certificate is none.
        server.certificateAuthorities = nil
        guard case .postponed = await SMTPTransport(server).send(message) else {
            Issue.record("a certificate that nobody trusts was taken")
            return
        }
    }

    @Test func withoutTLSNoneIsSentWhereItIsAskedFor() async throws {
        let throwaway = try ThrowawayMailServer()
        let outcome = await SMTPTransport(server(throwaway.port, .startTLS)).send(message)
        guard case .postponed(let reason) = outcome else { Issue.record("\(outcome)"); return }
        #expect(reason.contains("TLS"))
    }

    @Test(arguments: [
        ("550 5.1.1 no such person", "", true), ("450 4.2.1 mailbox busy", "", false),
        ("", "554 5.7.1 no", true), ("", "451 4.3.0 later", false),
    ])
    func theServersWordDecides(rcpt: String, data: String, isFinal: Bool) async throws {
        var options = ThrowawayMailServer.Options()
        options.rcpt = rcpt.isEmpty ? nil : rcpt
        options.data = data.isEmpty ? nil : data
        let throwaway = try ThrowawayMailServer(options)
        switch await SMTPTransport(server(throwaway.port)).send(message) {
        case .sent: Issue.record("sent")
        case .refused(let reason),
            .postponed(let reason) where isFinal:
            #expect(isFinal, "\(reason)")
        case .postponed: #expect(!isFinal)
        }
    }

    @Test func aServerThatIsSilentOrAwayEndsInTime() async throws {
        let silent = try SilentPort()
        var server = server(silent.port)
        server.timeout = .milliseconds(300)
        let start = ContinuousClock.now
        guard case .postponed = await SMTPTransport(server).send(message) else { Issue.record("sent"); return }
        silent.close()
        guard case .postponed = await SMTPTransport(server).send(message) else { Issue.record("sent"); return }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    /// A coordinator that stops does not wait for a server that is silent.
    @Test func whoeverIsCancelledLeaves() async throws {
        let silent = try SilentPort()
        defer { silent.close() }
        let (server, message) = (server(silent.port), message)
        let start = ContinuousClock.now
        let outcome = await withTaskGroup(of: DeliveryOutcome.self) { group in
            group.addTask { await SMTPTransport(server).send(message) }
            try? await Task.sleep(for: .milliseconds(200))
            group.cancelAll()
            return await group.next()
        }
        guard case .postponed(let reason) = outcome else { Issue.record("\(String(describing: outcome))"); return }
        #expect(reason.contains("stopped"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}

/// A port that takes connections and says nothing.
private final class SilentPort {
    private let descriptor: Int32
    let port: Int

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        try #require(bound)
        port = Int(address.sin_port.bigEndian)
    }

    func close() { Glibc.close(descriptor) }
}

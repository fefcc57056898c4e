import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

struct OutgoingMailTests {
    private let start = Timestamp(milliseconds: 1_795_381_200_000)

    private func mail() throws -> OutgoingMail {
        OutgoingMail(
            id: try #require(MailID("1t6x0fk4w2qz")), to: try MailAddress("anna@example.org"),
            occasion: .test(author: "anna"), createdAt: start)
    }

    @Test func itIsTriedWithGrowingPausesUntilItIsGivenUp() throws {
        var mail = try mail()
        var pauses: [Duration] = []
        while mail.state == .waiting {
            let now = mail.nextAttemptAt
            mail.beginAttempt(at: now)
            pauses.append(now.duration(to: mail.nextAttemptAt))
            mail.apply(.postponed("busy"), at: now)
        }
        #expect(pauses.prefix(4) == [.seconds(60), .seconds(120), .seconds(240), .seconds(480)])
        #expect(pauses.last == .seconds(4 * 60 * 60))
        #expect(mail.state == .failed && mail.failure == "busy")
        #expect(start.duration(to: try #require(mail.endedAt)) >= OutgoingMail.giveUpAfter)
        #expect(mail.attempts == pauses.count && mail.attempts < 40)
    }

    @Test func itEndsByTheServersWord() throws {
        var sent = try mail()
        sent.beginAttempt(at: start)
        sent.apply(.sent, at: start)
        #expect(sent.state == .sent && sent.endedAt == start && sent.failure == nil)
        var refused = try mail()
        refused.beginAttempt(at: start)
        refused.apply(.refused("no such person"), at: start)
        #expect(refused.state == .failed && refused.failure == "no such person")
        refused.tryAgain(at: start.advanced(by: .seconds(5)))
        #expect(refused.state == .waiting && refused.attempts == 0 && refused.endedAt == nil)
    }

    /// What the catalog keeps is read again.
    @Test func itsRecordStays() throws {
        let mail = try mail()
        #expect(try JSONDecoder().decode(OutgoingMail.self, from: JSONEncoder().encode(mail)) == mail)
    }

    @Test(arguments: [
        "anna@example.org", "a.b+c@mail.example.org", "x_1@localhost", "o'neill@example.org", "UPPER@EXAMPLE.ORG",
    ])
    func addresses(text: String) throws { #expect(try MailAddress(text).text == text) }

    @Test(arguments: [
        "", "anna", "anna@", "@example.org", "a@b@c", "anna @example.org", "anna@example.org\r\nBcc: x@y.z", "a..b@c.d",
        ".a@b.c", "a@b..c", "<anna@example.org>", "änna@example.org", "anna@exämple.org", "\"a b\"@c.d",
        "a@[127.0.0.1]",
        String(repeating: "a", count: 65) + "@b.c", "a@" + String(repeating: "b", count: 300),
    ])
    func otherAddressesAreRefused(text: String) {
        let error = #expect(throws: HoldfastError.self) { try MailAddress(text) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func textIsHarmlessInHTML() {
        #expect(#"<a href="x">'&"#.htmlEscaped == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;")
    }
}

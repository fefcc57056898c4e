import HoldfastModel
import Testing

@testable import HoldfastMail

struct MailHeadersTests {
    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (1_709_208_000_000, "Thu, 29 Feb 2024 12:00:00 +0000"),
        (1_795_381_200_000, "Sun, 22 Nov 2026 21:00:00 +0000"),
    ])
    func dates(milliseconds: Int64, text: String) {
        #expect(MailHeaders.date(Timestamp(milliseconds: milliseconds)) == text)
    }

    @Test(arguments: [
        ("Your download is ready", "Your download is ready"), ("Grüße", "=?utf-8?B?R3LDvMOfZQ==?="),
        ("a, b", "=?utf-8?B?YSwgYg==?="), ("=?utf-8?q?x?=", "=?utf-8?B?PT91dGYtOD9xP3g/PQ==?="),
    ])
    func phrases(text: String, header: String) { #expect(MailHeaders.phrase(text) == header) }

    /// Whatever is in a name or note, a header stays one header of lines that every server takes.
    @Test(arguments: ["x\r\nBcc: everybody@example.org", String(repeating: "ü", count: 500), "\u{0}\u{7f}", ""])
    func nothingLeavesItsHeader(text: String) {
        let lines = MailHeaders.phrase(text).split(separator: "\r\n", omittingEmptySubsequences: false)
        for line in lines {
            #expect(line.utf8.count <= 76)
            #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f })
        }
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" =?utf-8?B?") })
    }
}

import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite struct IdentityTests {
    @Test func identifiersSortByAgeAndReadBack() throws {
        let entropy = SeededEntropy(seed: 1)
        var last: JobID?
        for second in stride(from: Int64(0), to: 8_000_000_000, by: 97_777_777) {
            let id = JobID(at: Timestamp(milliseconds: second * 1000), entropy: entropy)
            #expect(id.text.utf8.count == 12)
            #expect(JobID(id.text) == id)
            if let last { #expect(last < id) }
            last = id
        }
    }

    @Test(arguments: [
        "", "0123456789a", "0123456789abc", "0123456789aI", "0123456789ai", "0123456789a/", "0123456789é",
    ])
    func whatIsNoIdentifier(_ text: String) { #expect(JobID(text) == nil) }

    @Test func textFromElsewhereIsCut() {
        #expect(String(repeating: "a", count: 1000).printable(limit: 10) == "aaaaaaaaaa…")
        #expect("aaaaaaaaaa".printable(limit: 10) == "aaaaaaaaaa")
        #expect("\u{1b}[31m\n".printable() == "\\u{1b}[31m\\u{a}")
    }

    @Test(arguments: ["a", "shop", "shop-2", "0", String(repeating: "a", count: 40)])
    func names(_ text: String) throws { #expect(try Name(text).text == text) }

    @Test(arguments: ["", "-a", "a-", "A", "a b", "a/b", "ä", "a\n", String(repeating: "a", count: 41), "a\0"])
    func whatIsNoName(_ text: String) { #expect(throws: HoldfastError.self) { try Name(text) } }

    @Test func references() throws {
        #expect(try EnvironmentReference("shop/live").description == "shop/live")
        for text in ["shop", "shop/", "/live", "shop/live/x", "", "shop//live"] {
            #expect(throws: HoldfastError.self) { try EnvironmentReference(text) }
        }
        #expect(try ServiceReference("media").name == "DEFAULT")
        #expect(try ServiceReference("database:orders").description == "database:orders")
        for text in ["", "file", "media:", "media:a b", "media:a:b", "database:" + String(repeating: "x", count: 41)] {
            #expect(throws: HoldfastError.self) { try ServiceReference(text) }
        }
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("2026-11-22T21:30:05.250Z", 1_795_383_005_250),
            ("2000-02-29T12:00:00.000Z", 951_825_600_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func timestamps(_ text: String, _ milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test func everyDayReadsBack() throws {
        for day in stride(from: Int64(0), to: 2_932_896, by: 211) {
            let time = Timestamp(milliseconds: day * 86_400_000 + 12_345)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T21:30:05+00:00",
        "2026-11-22 21:30:05Z",
    ])
    func whatIsNoTimestamp(_ text: String) { #expect(Timestamp(text) == nil) }

    @Test func secretsDontShow() throws {
        let secret = Secret("hunter2")
        #expect(!"\(secret) \(String(reflecting: secret))".contains("hunter2"))
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test func errorCodesAreDistinctAndReadBack() {
        #expect(Set(ErrorCode.allCases.map(\.number)).count == ErrorCode.allCases.count)
        for code in ErrorCode.allCases { #expect(ErrorCode(number: code.number) == code) }
    }
}

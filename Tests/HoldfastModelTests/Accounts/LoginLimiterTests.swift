import Foundation
import HoldfastModel
import Testing

@Suite struct LoginLimiterTests {
    private static let rate = LoginLimiter.Rate(burst: 3, interval: .seconds(30))
    private static let wide = LoginLimiter.Rate(burst: 1000, interval: .seconds(1))

    @Test func anAccountIsTriedSoOftenThenAtItsPace() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.wide)
        for attempt in 0..<3 { #expect(limiter.begin("anna", from: "a\(attempt)", at: .seconds(5)) == .go) }
        #expect(limiter.begin("anna", from: "b", at: .seconds(5)) == .wait(.seconds(30)))
        // Another one is not held up.
        #expect(limiter.begin("bob", from: "b", at: .seconds(5)) == .go)
        #expect(limiter.begin("anna", from: "b", at: .seconds(34)) == .wait(.seconds(1)))
        #expect(limiter.begin("anna", from: "b", at: .seconds(35)) == .go)
        #expect(limiter.begin("anna", from: "b", at: .seconds(35)) == .wait(.seconds(30)))
        // A long rest gives the whole burst again, and no more.
        for _ in 0..<3 { #expect(limiter.begin("anna", from: "b", at: .seconds(9999)) == .go) }
        #expect(limiter.begin("anna", from: "b", at: .seconds(9999)) != .go)
    }

    @Test func anAddressTriesManyAccountsOnlySoOften() {
        var limiter = LoginLimiter(account: Self.wide, address: Self.rate)
        for account in 0..<3 { #expect(limiter.begin("u\(account)", from: "a", at: .zero) == .go) }
        #expect(limiter.begin("u9", from: "a", at: .zero) == .wait(.seconds(30)))
        #expect(limiter.begin("u9", from: "b", at: .zero) == .go)
    }

    @Test func successDoesNotCount() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.rate)
        for _ in 0..<50 {
            #expect(limiter.begin("anna", from: "a", at: .zero) == .go)
            limiter.succeeded("anna", from: "a", at: .zero)
        }
    }

    /// Whoever keeps an account's bucket full keeps its user out only where they never were.
    @Test func strangersDontKeepTheUserOut() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.rate)
        #expect(limiter.begin("anna", from: "home", at: .zero) == .go)
        limiter.succeeded("anna", from: "home", at: .zero)
        for number in 0..<10 { _ = limiter.begin("anna", from: "evil\(number)", at: .zero) }
        #expect(limiter.begin("anna", from: "elsewhere", at: .zero) != .go)
        #expect(limiter.begin("anna", from: "home", at: .zero) == .go)
    }

    /// However many names and addresses come, and the one that is tried hardest is not forgotten for them.
    @Test func memoryIsBounded() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.wide, capacity: 100)
        for _ in 0..<3 { _ = limiter.begin("anna", from: "a", at: .zero) }
        for number in 0..<10_000 { _ = limiter.begin("x\(number)", from: "y\(number)", at: .zero) }
        #expect(limiter.count <= 300)
        #expect(limiter.begin("anna", from: "z", at: .zero) != .go)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"),
        ("::1", "0:0:0:0::/64"), ("::ffff:192.0.2.7", "192.0.2.7"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
        ("2001:0db8:0001::", "2001:db8:1:0::/64"),
    ])
    func places(_ address: String, _ place: String) {
        #expect(Origin(.web, address: address).place == place)
        #expect(Origin(.web).place == "-")
    }

    @Test func passwordRule() throws {
        let anna = try Name("anna")
        for bad in ["hush", "aaaaaaaaaaaaaaaa", "abababababababab", String(repeating: "x1y2z", count: 500)] {
            let error = #expect(throws: HoldfastError.self) { try PasswordRule.check(Secret(bad), of: anna) }
            #expect(error?.code == .invalidArgument && error?.message.contains(bad) == false)
        }
        try PasswordRule.check(Secret("correct horse"), of: anna)
    }

    @Test func resultsOfChangesAreOneWordOrTwo() throws {
        for result in [AuditEntry.Result.accepted, .refused(.permissionDenied), .failed(.notFound)] {
            let bytes = try JSONEncoder().encode([result])
            #expect(try JSONDecoder().decode([AuditEntry.Result].self, from: bytes) == [result])
        }
        #expect(AuditEntry.Result(HoldfastError(.permissionDenied, "")) == .refused(.permissionDenied))
    }
}

import Foundation
import HoldfastModel
import Testing

@Suite struct LoginLimiterTests {
    private static let rate = LoginLimiter.Rate(burst: 3, interval: .seconds(30))
    private static let wide = LoginLimiter.Rate(burst: 1000, interval: .seconds(1))

    private static func place(_ address: String) -> Place { Origin(.web, address: address).place }

    @Test func anAccountIsTriedSoOftenThenAtItsPace() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.wide, owner: Self.wide)
        for attempt in 0..<3 { #expect(limiter.begin("anna", from: Place("a\(attempt)"), at: .seconds(5)) == .go) }
        #expect(limiter.begin("anna", from: Place("b"), at: .seconds(5)) == .wait(.seconds(30)))
        // Another one is not held up.
        #expect(limiter.begin("bob", from: Place("b"), at: .seconds(5)) == .go)
        #expect(limiter.begin("anna", from: Place("b"), at: .seconds(34)) == .wait(.seconds(1)))
        #expect(limiter.begin("anna", from: Place("b"), at: .seconds(35)) == .go)
        #expect(limiter.begin("anna", from: Place("b"), at: .seconds(35)) == .wait(.seconds(30)))
        // A long rest gives the whole burst again, and no more.
        for _ in 0..<3 { #expect(limiter.begin("anna", from: Place("b"), at: .seconds(9999)) == .go) }
        #expect(limiter.begin("anna", from: Place("b"), at: .seconds(9999)) != .go)
    }

    @Test func anAddressTriesManyAccountsOnlySoOften() {
        var limiter = LoginLimiter(account: Self.wide, address: Self.rate, owner: Self.wide)
        for account in 0..<3 { #expect(limiter.begin("u\(account)", from: Place("a"), at: .zero) == .go) }
        #expect(limiter.begin("u9", from: Place("a"), at: .zero) == .wait(.seconds(30)))
        #expect(limiter.begin("u9", from: Place("b"), at: .zero) == .go)
    }

    @Test func successDoesNotCount() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.rate, owner: Self.wide)
        for _ in 0..<50 {
            #expect(limiter.begin("anna", from: Place("a"), at: .zero) == .go)
            limiter.succeeded("anna", from: Place("a"), at: .zero)
        }
    }

    /// Whoever keeps an account's bucket full keeps its user out only where they never were.
    @Test func strangersDontKeepTheUserOut() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.rate, owner: Self.wide)
        #expect(limiter.begin("anna", from: Place("home"), at: .zero) == .go)
        limiter.succeeded("anna", from: Place("home"), at: .zero)
        for number in 0..<10 { _ = limiter.begin("anna", from: Place("evil\(number)"), at: .zero) }
        #expect(limiter.begin("anna", from: Place("elsewhere"), at: .zero) != .go)
        #expect(limiter.begin("anna", from: Place("home"), at: .zero) == .go)
    }

    /// However many names and addresses come, and the one that is tried hardest is not forgotten for them.
    @Test func memoryIsBounded() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.wide, owner: Self.wide, capacity: 100)
        for _ in 0..<3 { _ = limiter.begin("anna", from: Place("a"), at: .zero) }
        for number in 0..<10_000 { _ = limiter.begin("x\(number)", from: Place("y\(number)"), at: .zero) }
        #expect(limiter.count <= 400)
        #expect(limiter.begin("anna", from: Place("z"), at: .zero) != .go)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"),
        ("::1", "0:0:0:0::/64"), ("::ffff:192.0.2.7", "192.0.2.7"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
        ("2001:0db8:0001::", "2001:db8:1:0::/64"),
    ])
    func places(_ address: String, _ place: String) {
        #expect(Self.place(address).site == place)
        #expect(Origin(.web).place == Place("-"))
    }

    /// Of an owner's many networks each has its bucket, and all together one that is larger.
    @Test func networksOfOneOwnerCountTogether() {
        #expect(Self.place("2001:db8:1:2::3").owner == "2001:db8:1::/48")
        #expect(Self.place("192.0.2.7").owner == "192.0.2.7")
        var limiter = LoginLimiter(
            account: Self.wide, address: Self.rate, owner: .init(burst: 5, interval: .seconds(9)))
        func tries(_ network: Int) -> Bool {
            limiter.begin("u", from: Self.place("2001:db8:1:\(network)::1"), at: .zero) == .go
        }
        #expect(tries(1) && tries(1) && tries(1) && !tries(1))
        #expect(tries(2) && tries(3))
        #expect(!tries(4))
        #expect(limiter.begin("u", from: Self.place("2001:db8:2:1::1"), at: .zero) == .go)
    }

    /// What nobody looked at is no attempt.
    @Test func whatIsWithdrawnDoesNotCount() {
        var limiter = LoginLimiter(account: Self.rate, address: Self.rate, owner: Self.rate)
        for _ in 0..<50 {
            #expect(limiter.begin("anna", from: Place("a"), at: .zero) == .go)
            limiter.withdrawn("anna", from: Place("a"))
        }
        #expect(!limiter.isKnown("anna", from: Place("a")))
        limiter.succeeded("anna", from: Place("a"), at: .zero)
        #expect(limiter.isKnown("anna", from: Place("a")) && !limiter.isKnown("anna", from: Place("b")))
    }

    @Test func othersAreHeldUpByNobody() {
        var limiter = RateLimiter(Self.rate)
        for _ in 0..<3 { #expect(limiter.begin("anna", at: .zero) == .go) }
        #expect(limiter.begin("anna", at: .zero) == .wait(.seconds(30)))
        #expect(limiter.begin("bob", at: .zero) == .go)
        #expect(limiter.begin("anna", at: .seconds(30)) == .go)
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

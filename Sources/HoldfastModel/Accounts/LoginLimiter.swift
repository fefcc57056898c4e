/// How often somebody may try to sign in: so often for each account, for each address, and for each owner of many addresses.
///
/// An attempt counts when it begins, so that many at once gain nothing; one that nobody looked at is taken back. An account
/// that is tried by strangers still lets in its user where they signed in from before: those have buckets of their own.
package struct LoginLimiter: Sendable {
    package typealias Rate = RateLimiter.Rate
    package typealias Verdict = RateLimiter.Verdict

    package static let perAccount = Rate(burst: 10, interval: .seconds(30))
    package static let perAddress = Rate(burst: 30, interval: .seconds(6))
    /// Several sites may be behind one owner's network; with IPv4 that is an address, and the rate of addresses counts.
    package static let perOwner = Rate(burst: 120, interval: .milliseconds(1500))

    private var accounts: RateLimiter
    private var addresses: RateLimiter
    private var owners: RateLimiter
    /// Where users signed in from; the time is when they last did.
    private var known: BoundedTimes

    /// - Parameter capacity: how many accounts, addresses and owners, as many of each, are kept apart.
    package init(
        account: Rate = Self.perAccount, address: Rate = Self.perAddress, owner: Rate = Self.perOwner,
        capacity: Int = 10_000
    ) {
        accounts = RateLimiter(account, capacity: capacity)
        addresses = RateLimiter(address, capacity: capacity)
        owners = RateLimiter(owner, capacity: capacity)
        known = BoundedTimes(capacity: capacity)
    }

    /// Somebody tries.
    package mutating func begin(_ name: String, from place: Place, at uptime: Duration) -> Verdict {
        let key = bucket(of: name, place)
        let wait = max(
            accounts.wait(key, at: uptime), addresses.wait(place.site, at: uptime),
            owners.wait(place.owner, at: uptime))
        guard wait <= .zero else { return .wait(wait) }
        accounts.fill(key, at: uptime)
        addresses.fill(place.site, at: uptime)
        owners.fill(place.owner, at: uptime)
        return .go
    }

    /// The attempt that was begun was right: it doesn't count.
    package mutating func succeeded(_ name: String, from place: Place, at uptime: Duration) {
        accounts.empty(bucket(of: name, place))
        addresses.takeBack(place.site)
        owners.takeBack(place.owner)
        known[Self.pair(name, place)] = uptime
    }

    /// The attempt that was begun was not looked at: it doesn't count.
    package mutating func withdrawn(_ name: String, from place: Place) {
        accounts.takeBack(bucket(of: name, place))
        addresses.takeBack(place.site)
        owners.takeBack(place.owner)
    }

    /// Whether this user signed in from there before.
    package func isKnown(_ name: String, from place: Place) -> Bool { known[Self.pair(name, place)] != nil }

    /// How much is remembered.
    package var count: Int { accounts.count + addresses.count + owners.count + known.count }

    private func bucket(of name: String, _ place: Place) -> String {
        isKnown(name, from: place) ? Self.pair(name, place) : name
    }

    private static func pair(_ name: String, _ place: Place) -> String { "\(name) \(place.site)" }
}

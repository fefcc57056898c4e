/// How often somebody may try to sign in: so often for each account and so often for each address, in bounded memory.
///
/// Each of them is a bucket that every attempt puts something into and that runs out with time; one that is full lets
/// nobody try. An attempt counts when it begins, so that many at once gain nothing. An account that is tried by strangers
/// still lets in its user where they signed in from before: those have buckets of their own.
package struct LoginLimiter: Sendable {
    /// A bucket's size, in attempts, and how long one takes to run out.
    package struct Rate: Hashable, Sendable {
        package var burst: Int
        package var interval: Duration

        package init(burst: Int, interval: Duration) {
            self.burst = burst
            self.interval = interval
        }
    }

    package enum Verdict: Hashable, Sendable {
        case go
        /// Not before this much time has passed.
        case wait(Duration)
    }

    package static let perAccount = Rate(burst: 10, interval: .seconds(30))
    package static let perAddress = Rate(burst: 30, interval: .seconds(6))

    /// For each bucket, when it will have run out, by the monotonic clock.
    private var accounts: Buckets
    private var addresses: Buckets
    /// Where users signed in from; the time is when they last did.
    private var known: Buckets
    private let account: Rate
    private let address: Rate

    /// - Parameter capacity: how many accounts, and as many addresses, are kept apart.
    package init(
        account: Rate = Self.perAccount, address: Rate = Self.perAddress, capacity: Int = 10_000
    ) {
        self.account = account
        self.address = address
        accounts = Buckets(capacity: capacity)
        addresses = Buckets(capacity: capacity)
        known = Buckets(capacity: capacity)
    }

    /// Somebody tries.
    package mutating func begin(_ name: String, from origin: String, at uptime: Duration) -> Verdict {
        let key = bucket(of: name, origin)
        let wait = max(
            accounts.wait(key, account, at: uptime), addresses.wait(origin, address, at: uptime))
        guard wait <= .zero else { return .wait(wait) }
        accounts.fill(key, account, at: uptime)
        addresses.fill(origin, address, at: uptime)
        return .go
    }

    /// The attempt that was begun was right: it doesn't count.
    package mutating func succeeded(_ name: String, from origin: String, at uptime: Duration) {
        accounts.empty(bucket(of: name, origin))
        addresses.takeBack(origin, address)
        known.set(Self.pair(name, origin), uptime, at: uptime)
    }

    /// How much is remembered.
    package var count: Int { accounts.count + addresses.count + known.count }

    private func bucket(of name: String, _ origin: String) -> String {
        let pair = Self.pair(name, origin)
        return known.contains(pair) ? pair : name
    }

    private static func pair(_ name: String, _ origin: String) -> String { "\(name) \(origin)" }
}

/// Times by key. When there are too many, the half that matters least goes: what is earliest.
private struct Buckets: Sendable {
    let capacity: Int
    private var times: [String: Duration] = [:]

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { times.count }

    func contains(_ key: String) -> Bool { times[key] != nil }

    func wait(_ key: String, _ rate: LoginLimiter.Rate, at uptime: Duration) -> Duration {
        guard let time = times[key] else { return .zero }
        return time - uptime - rate.interval * (rate.burst - 1)
    }

    mutating func fill(_ key: String, _ rate: LoginLimiter.Rate, at uptime: Duration) {
        set(key, max(times[key] ?? uptime, uptime) + rate.interval, at: uptime)
    }

    mutating func takeBack(_ key: String, _ rate: LoginLimiter.Rate) {
        times[key] = times[key].map { $0 - rate.interval }
    }

    mutating func empty(_ key: String) { times[key] = nil }

    mutating func set(_ key: String, _ time: Duration, at uptime: Duration) {
        if times[key] == nil, times.count >= capacity {
            let latest = times.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.prefix(capacity / 2)
            times = Dictionary(uniqueKeysWithValues: latest.map { ($0.key, $0.value) })
        }
        times[key] = time
    }
}

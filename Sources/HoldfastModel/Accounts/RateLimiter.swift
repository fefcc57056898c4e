/// How often something may be done under each of many names, in bounded memory.
///
/// Each name is a bucket that every attempt puts something into and that runs out with time; one that is full lets nobody
/// try.
package struct RateLimiter: Sendable {
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

    private let rate: Rate
    /// For each bucket, when it will have run out, by the monotonic clock.
    private var buckets: BoundedTimes

    /// - Parameter capacity: how many names are kept apart.
    package init(_ rate: Rate, capacity: Int = 10_000) {
        self.rate = rate
        buckets = BoundedTimes(capacity: capacity)
    }

    /// Somebody tries.
    package mutating func begin(_ name: String, at uptime: Duration) -> Verdict {
        let wait = wait(name, at: uptime)
        guard wait <= .zero else { return .wait(wait) }
        fill(name, at: uptime)
        return .go
    }

    /// Until there is room for an attempt; not above zero where there is.
    func wait(_ name: String, at uptime: Duration) -> Duration {
        guard let time = buckets[name] else { return .zero }
        return time - uptime - rate.interval * (rate.burst - 1)
    }

    mutating func fill(_ name: String, at uptime: Duration) {
        buckets[name] = max(buckets[name] ?? uptime, uptime) + rate.interval
    }

    /// An attempt doesn't count.
    mutating func takeBack(_ name: String) { buckets[name] = buckets[name].map { $0 - rate.interval } }

    mutating func empty(_ name: String) { buckets[name] = nil }

    /// How many names are remembered.
    package var count: Int { buckets.count }
}

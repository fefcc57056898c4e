/// Says when the next bytes may go, so that they go evenly: each piece takes the time that its bytes take at the rate, and
/// the next comes after that. Time that was not used is lost, so nothing bursts after a pause.
package struct Pacer: Hashable, Sendable {
    /// When the bytes let go so far will have gone, on the monotonic clock.
    private var free = Duration.zero

    package init() {}

    /// When a piece that is asked for now would begin.
    package func start(at uptime: Duration) -> Duration { max(free, uptime) }

    /// When these bytes may go.
    ///
    /// - Parameter rate: at that time; nil for as fast as it goes.
    package mutating func pass(_ bytes: Int, at uptime: Duration, rate: ByteRate?) -> Duration {
        let start = start(at: uptime)
        free = start
        if let rate { free += Self.time(of: Int64(max(0, bytes)), at: rate) }
        return start
    }

    /// What goes at once, so that there are about ten pieces in a second.
    package static func pieceBytes(at rate: ByteRate?, atMost limit: Int) -> Int {
        guard let rate else { return limit }
        return max(1 << 10, min(limit, Int(clamping: rate.bytesPerSecond / 10)))
    }

    /// Seconds and the rest apart, so that no number of bytes is too large; rounded up, so that it never comes to more.
    private static func time(of bytes: Int64, at rate: ByteRate) -> Duration {
        let (seconds, rest) = bytes.quotientAndRemainder(dividingBy: rate.bytesPerSecond)
        let (nanoseconds, left) = rate.bytesPerSecond.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000))
        return .seconds(seconds) + .nanoseconds(left == 0 ? nanoseconds : nanoseconds + 1)
    }
}

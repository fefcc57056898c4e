import HoldfastCommands
import HoldfastModel
import Synchronization

/// How many messages somebody may have sent to where they choose: tests, links of downloads, invitations. What the cluster
/// itself tells is not counted.
final class MessageRates: Sendable {
    static let rate = RateLimiter.Rate(burst: 10, interval: .seconds(6))

    private let time: any TimeSource
    private let limiter = Mutex(RateLimiter(rate))

    init(time: any TimeSource) { self.time = time }

    /// - Throws: `busy` for whoever had too many sent within the last minute.
    func begin(_ principal: Principal) throws(HoldfastError) {
        let uptime = time.uptime
        let name = principal.user?.text ?? principal.name
        guard case .wait(let wait) = limiter.withLock({ $0.begin(name, at: uptime) }) else { return }
        throw .tooOften("You had too many messages sent within a minute", wait: wait)
    }
}

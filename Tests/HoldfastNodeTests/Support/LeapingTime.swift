import HoldfastModel
import Synchronization

/// Virtual time of one task: whoever sleeps wakes at once, that much later.
final class LeapingTime: TimeSource {
    private let passed = Mutex(Duration.zero)
    private let resting = Mutex(false)
    private let longest: Duration

    /// - Parameter longest: who wants to sleep longer than this sleeps until it is cancelled.
    init(longest: Duration = .seconds(1 << 40)) { self.longest = longest }

    /// Whether somebody sleeps so.
    var isResting: Bool { resting.withLock(\.self) }

    var uptime: Duration { passed.withLock(\.self) }
    var now: Timestamp { Timestamp(milliseconds: 1_795_381_200_000).advanced(by: uptime) }

    func advance(by duration: Duration) { passed.withLock { $0 += duration } }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        guard duration <= longest else {
            resting.withLock { $0 = true }
            defer { resting.withLock { $0 = false } }
            return try await Task.sleep(for: .seconds(1 << 30))
        }
        advance(by: duration)
        await Task.yield()
    }
}

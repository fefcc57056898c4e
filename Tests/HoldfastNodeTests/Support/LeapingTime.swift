import HoldfastModel
import Synchronization

/// Virtual time of one task: whoever sleeps wakes at once, that much later.
final class LeapingTime: TimeSource {
    private let passed = Mutex(Duration.zero)

    var uptime: Duration { passed.withLock(\.self) }
    var now: Timestamp { Timestamp(milliseconds: 1_795_381_200_000).advanced(by: uptime) }

    func advance(by duration: Duration) { passed.withLock { $0 += duration } }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        advance(by: duration)
        await Task.yield()
    }
}

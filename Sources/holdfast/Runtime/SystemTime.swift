import Glibc
import HoldfastModel

/// The machine's own clocks.
struct SystemTime: TimeSource {
    private let start = ContinuousClock.now

    var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    var uptime: Duration { start.duration(to: .now) }

    func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

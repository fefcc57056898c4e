import HoldfastModel

/// The machine's own clock; its wall clock stands still.
struct SystemTime: TimeSource {
    private let start = ContinuousClock.now

    var now: Timestamp { Samples.time }
    var uptime: Duration { start.duration(to: .now) }

    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

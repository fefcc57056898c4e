import Glibc
import HoldfastModel

/// The real clocks: TLS compares certificates with them.
struct WireTestTime: TimeSource {
    private static let start = ContinuousClock.now

    var now: Timestamp { Timestamp(milliseconds: Int64(Glibc.time(nil)) * 1000) }
    var uptime: Duration { ContinuousClock.now - Self.start }

    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

/// Bytes that replay from a seed.
struct SeededBytes {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

struct FixedEntropy: Entropy {
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) } }
}

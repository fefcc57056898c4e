/// Notices that the wall clock jumped: against the monotonic clock while a coordinator leads, and against the latest time
/// in the catalog when it begins. Whatever goes by age waits until the clock has been steady for a day, or is set back to
/// where it was.
package struct ClockWatch: Hashable, Sendable {
    /// What is noticed, and why.
    package struct Pause: Hashable, Codable, Sendable {
        /// By the clock that jumped.
        package var noticedAt: Timestamp
        /// How far it went; negative for a clock that was set back.
        package var jumpSeconds: Int64

        package init(noticedAt: Timestamp, jumpSeconds: Int64) {
            self.noticedAt = noticedAt
            self.jumpSeconds = jumpSeconds
        }
    }

    package enum Event: Hashable, Sendable {
        case jumped(Pause)
        case settled
    }

    /// Between two looks; a time server's corrections are far smaller.
    package static let tolerance = Duration.seconds(300)
    /// How far ahead of all that the catalog knows the clock may be at the start: a cluster may have been off for a while.
    package static let absence = Duration.seconds(7 * 86_400)
    package static let settling = Duration.seconds(86_400)

    private var wall: Timestamp
    private var uptime: Duration
    private var steadySince: Duration
    /// How far the clock is from where it would be without the jumps.
    private var drift = Duration.zero
    package private(set) var pause: Pause?

    /// - Parameters:
    ///   - latest: the latest time in the catalog.
    ///   - pause: one that an earlier coordinator began; the day begins anew.
    package init(wall: Timestamp, uptime: Duration, latest: Timestamp?, pause: Pause?) {
        (self.wall, self.uptime, steadySince, self.pause) = (wall, uptime, uptime, pause)
        let ahead = latest?.duration(to: wall) ?? .zero
        if ahead < .zero - Self.tolerance || ahead > Self.absence {
            self.pause = Pause(noticedAt: wall, jumpSeconds: ahead.components.seconds)
        }
        drift = .seconds(self.pause?.jumpSeconds ?? 0)
    }

    package mutating func observe(wall: Timestamp, uptime: Duration) -> Event? {
        let jump = self.wall.duration(to: wall) - (uptime - self.uptime)
        (self.wall, self.uptime) = (wall, uptime)
        guard abs(jump) <= Self.tolerance else {
            steadySince = uptime
            drift += jump
            if abs(drift) <= Self.tolerance { return settle() }
            let pause = Pause(noticedAt: wall, jumpSeconds: drift.components.seconds)
            self.pause = pause
            return .jumped(pause)
        }
        guard pause != nil, uptime - steadySince >= Self.settling else { return nil }
        return settle()
    }

    /// When the pause ends if nothing more happens.
    package var resumesAt: Timestamp? {
        pause.map { _ in wall.advanced(by: Self.settling - (uptime - steadySince)) }
    }

    private mutating func settle() -> Event? {
        drift = .zero
        guard pause != nil else { return nil }
        pause = nil
        return .settled
    }

    private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
}

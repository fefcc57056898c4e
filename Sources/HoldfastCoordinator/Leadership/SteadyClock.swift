package import HoldfastModel

/// The wall clock as it was when the coordinator started, carried on by the monotonic one: a jump of the wall clock
/// closes no undo window and expires no token.
package struct SteadyClock: Sendable {
    private let time: any TimeSource
    private let start: Timestamp
    private let uptimeAtStart: Duration

    package init(_ time: any TimeSource) {
        self.time = time
        start = time.now
        uptimeAtStart = time.uptime
    }

    package var now: Timestamp { start.advanced(by: time.uptime - uptimeAtStart) }
}

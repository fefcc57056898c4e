/// The clocks of one process. The wall clock labels things and decides nothing that a jump could spoil; what waits or
/// expires is measured on the monotonic clock.
package protocol TimeSource: Sendable {
    var now: Timestamp { get }
    /// Time since an arbitrary start that never goes back.
    var uptime: Duration { get }
    func sleep(for duration: Duration) async throws
}

import HoldfastModel

/// The clocks of one process: a wall clock that may be wrong and may jump, and an uptime that is neither.
///
/// A sleep of a process that has died ends as a cancelled one does.
final class SimulatedTime: TimeSource, @unchecked Sendable {
    /// 2026-11-22T21:00:00Z
    static let start = Timestamp(milliseconds: 1_795_381_200_000)

    // Touched by the executor's one thread.
    private let executor = SeededExecutor.shared
    private let life: Life
    private let clock: WallClock
    private let bornAt: Duration

    /// - Parameter bornAt: where uptime begins; at present unless told.
    init(_ life: Life, _ clock: WallClock, bornAt: Duration? = nil) {
        self.life = life
        self.clock = clock
        self.bornAt = bornAt ?? executor.now
    }

    var now: Timestamp { Self.start.advanced(by: executor.now + clock.offset) }
    var uptime: Duration { executor.now - bornAt }

    func sleep(for duration: Duration) async throws {
        let sleeper = Sleeper()
        let watch = life.whenItEnds { sleeper.wake(rested: false) }
        defer { life.forget(watch) }
        let rested = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                guard life.isAlive, !Task.isCancelled else { return continuation.resume(returning: false) }
                sleeper.begin(continuation, timer: executor.after(duration) { sleeper.wake(rested: true) })
            }
        } onCancel: {
            sleeper.wake(rested: false)
        }
        if !rested { throw CancellationError() }
    }
}

/// How far a host's wall clock is from the right time. It outlives the host's processes.
final class WallClock: @unchecked Sendable {
    var offset = Duration.zero
}

/// One sleep, which ends once.
private final class Sleeper: @unchecked Sendable {
    private var continuation: UnsafeContinuation<Bool, Never>?
    private var timer: Int?
    private var isAwake = false

    func begin(_ continuation: UnsafeContinuation<Bool, Never>, timer: Int) {
        (self.continuation, self.timer) = (continuation, timer)
    }

    func wake(rested: Bool) {
        guard !isAwake, let continuation else { return }
        isAwake = true
        self.continuation = nil
        if !rested, let timer { SeededExecutor.shared.cancel(timer: timer) }
        continuation.resume(returning: rested)
    }
}

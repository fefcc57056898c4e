package import HoldfastModel
import Synchronization

/// Clocks that stand still until a test moves them.
package final class ManualTime: TimeSource {
    private struct Sleeper {
        var deadline: Duration
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var wall: Timestamp
        var uptime = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var count = 0
    }

    private let state: Mutex<State>

    /// - Parameter now: 2026-11-22T21:00:00Z unless told.
    package init(now: Timestamp = Timestamp(milliseconds: 1_795_381_200_000)) {
        state = Mutex(State(wall: now))
    }

    package var now: Timestamp { state.withLock(\.wall) }
    package var uptime: Duration { state.withLock(\.uptime) }
    package var sleeperCount: Int { state.withLock(\.sleepers.count) }

    package func sleep(for duration: Duration) async throws {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        let slept = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if duration <= .zero { return true }
                    state.sleepers[number] = Sleeper(deadline: state.uptime + duration, continuation: continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume(returning: false)
        }
        if !slept { throw CancellationError() }
    }

    /// Moves both clocks, and wakes who has slept long enough.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.uptime += duration
            state.wall = state.wall.advanced(by: duration)
            let woken = state.sleepers.filter { $0.value.deadline <= state.uptime }
            for number in woken.keys { state.sleepers[number] = nil }
            return woken.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in woken { sleeper.continuation.resume(returning: true) }
    }

    /// Makes the wall clock jump alone, as a bad time server would.
    package func jump(by duration: Duration) {
        state.withLock { $0.wall = $0.wall.advanced(by: duration) }
    }

    /// Moves on to when the next sleeper wakes, if that is no further away than `limit`; false otherwise.
    @discardableResult
    package func advanceToNextSleeper(within limit: Duration) -> Bool {
        let (next, uptime) = state.withLock { ($0.sleepers.values.map(\.deadline).min(), $0.uptime) }
        guard let next, next - uptime <= limit else { return false }
        advance(by: next - uptime)
        return true
    }
}

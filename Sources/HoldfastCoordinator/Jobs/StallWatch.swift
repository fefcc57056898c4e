package import HoldfastModel
import Synchronization

/// Notices when work moves no byte, and makes no other progress that can be counted, for too long.
package final class StallWatch: Sendable {
    private struct State {
        var latest: Progress?
        var changedAt: Duration
    }

    private let limit: Duration
    private let time: any TimeSource
    private let state: Mutex<State>

    private init(limit: Duration, time: any TimeSource) {
        self.limit = limit
        self.time = time
        state = Mutex(State(changedAt: time.uptime))
    }

    /// Runs work that tells its progress, and ends it when it stalls.
    ///
    /// - Throws: `timedOut` where it stalled, or the work's own error.
    package static func watching<Result: Sendable>(
        limit: Duration, time: any TimeSource, _ work: @escaping @Sendable (StallWatch) async throws -> Result
    ) async throws -> Result {
        let watch = StallWatch(limit: limit, time: time)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work(watch) }
            group.addTask {
                try await watch.untilStalled()
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw watch.error }
            return result
        }
    }

    /// What the work says of itself. The same as before is no progress.
    package func saw(_ progress: Progress) {
        let now = time.uptime
        state.withLock { state in
            guard state.latest != progress else { return }
            (state.latest, state.changedAt) = (progress, now)
        }
    }

    private func untilStalled() async throws {
        while true {
            let (changedAt, isUncounted) = state.withLock { ($0.changedAt, $0.latest?.isUncounted == true) }
            let left = changedAt + limit - time.uptime
            if left <= .zero, !isUncounted { return }
            // Work that has no count is looked at again: it may have come to some that has.
            try await time.sleep(for: left > .zero ? left : limit)
        }
    }

    private var error: HoldfastError {
        let seconds = limit.components.seconds
        let span = seconds.isMultiple(of: 60) ? "\(seconds / 60) minutes" : "\(seconds) seconds"
        let latest = state.withLock(\.latest)
        let place = latest.map { ", in \($0.step) \($0.subject ?? ""), after \($0.bytes) bytes" } ?? ""
        return HoldfastError(
            .timedOut,
            """
            Stalled: no byte was moved for \(span)\(place). Look at the node, its disks and the database server: a lock, or \
            storage that does not answer
            """)
    }
}

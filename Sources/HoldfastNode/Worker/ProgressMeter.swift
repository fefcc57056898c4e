import HoldfastModel
import Synchronization

/// The latest word on how far a piece of work is. It may be set as often as one likes; whoever watches gets at most four a
/// second.
final class ProgressMeter: Sendable {
    private struct State {
        var latest: Progress
        var moved: Int64 = 0
        var isNew = false
        var followed: (meter: ProgressMeter, seen: Progress)?
    }

    private static let interval = Duration.milliseconds(250)

    private let state: Mutex<State>

    /// - Parameter step: what is done until more is said.
    init(step: String = "") { state = Mutex(State(latest: Progress(step: step))) }

    func set(_ progress: Progress) {
        state.withLock { ($0.latest, $0.isNew, $0.followed) = (progress, true, nil) }
    }

    /// Shows how far another piece of work is, until something is set.
    func follow(_ other: ProgressMeter?, as step: String) {
        let seen = other?.progress
        state.withLock { state in
            state.latest = Progress(step: step, bytes: seen?.bytes ?? 0)
            state.isNew = true
            if let other, let seen { state.followed = (other, seen) }
        }
    }

    /// Counts what the followed work did.
    private func lookAtFollowed() {
        guard let (meter, seen) = state.withLock(\.followed) else { return }
        let progress = meter.progress
        guard progress != seen else { return }
        state.withLock { state in
            guard state.followed != nil else { return }
            state.followed = (meter, progress)
            state.latest.bytes = progress.bytes
            state.latest.isUncounted = progress.isUncounted
            state.latest.items += 1
            state.isNew = true
        }
    }

    func set(
        _ step: String, _ service: ServiceReference, bytes: Int64, items: Int64 = 0, totalBytes: Int64? = nil,
        isUncounted: Bool = false
    ) {
        var progress = Progress(
            step: step, subject: service.description, bytes: bytes, totalBytes: totalBytes, items: items)
        if isUncounted { progress.isUncounted = true }
        set(progress)
    }

    /// Bytes went to storage, or came from it.
    func moved(_ bytes: Int) {
        state.withLock { state in
            state.moved += Int64(bytes)
            state.isNew = true
        }
    }

    var progress: Progress { state.withLock { Self.progress($0) } }

    private static func progress(_ state: State) -> Progress {
        var progress = state.latest
        if state.moved > 0 { progress.movedBytes = state.moved }
        return progress
    }

    private func takeNew() -> Progress? {
        lookAtFollowed()
        return state.withLock { state in
            guard state.isNew else { return nil }
            state.isNew = false
            return Self.progress(state)
        }
    }

    /// Runs `work`, and meanwhile sends what its meter shows.
    ///
    /// - Parameter step: what is done until the work says more.
    static func reporting<Result>(
        _ step: String, time: any TimeSource, to send: @escaping @Sendable (Progress) async throws -> Void,
        _ work: (ProgressMeter) async throws -> Result
    ) async throws -> Result {
        let meter = ProgressMeter(step: step)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    do { try await time.sleep(for: interval) } catch { return }
                    // Whoever doesn't listen any more has no need of the news, and the work doesn't depend on it.
                    if let progress = meter.takeNew() { try? await send(progress) }
                }
            }
            defer { group.cancelAll() }
            return try await work(meter)
        }
    }
}

/// The meters of the backups at work, by their projects.
final class CaptureMeters: Sendable {
    private let meters = Mutex<[ProjectID: ProgressMeter]>([:])

    subscript(_ project: ProjectID) -> ProgressMeter? {
        get { meters.withLock { $0[project] } }
        set { meters.withLock { $0[project] = newValue } }
    }
}

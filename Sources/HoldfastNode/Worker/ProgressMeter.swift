import HoldfastModel
import Synchronization

/// The latest word on how far a piece of work is. It may be set as often as one likes; whoever watches gets at most four a
/// second.
final class ProgressMeter: Sendable {
    private static let interval = Duration.milliseconds(250)

    private let state = Mutex<(latest: Progress?, isNew: Bool)>((nil, false))

    func set(_ progress: Progress) {
        state.withLock { $0 = (progress, true) }
    }

    func set(_ step: String, _ service: ServiceReference, bytes: Int64, items: Int64 = 0, totalBytes: Int64? = nil) {
        set(Progress(step: step, subject: service.description, bytes: bytes, totalBytes: totalBytes, items: items))
    }

    private func takeNew() -> Progress? {
        state.withLock { state in
            guard state.isNew else { return nil }
            state.isNew = false
            return state.latest
        }
    }

    /// Runs `work`, and meanwhile sends what its meter shows.
    static func reporting<Result>(
        time: any TimeSource, to send: @escaping @Sendable (Progress) async throws -> Void,
        _ work: (ProgressMeter) async throws -> Result
    ) async throws -> Result {
        let meter = ProgressMeter()
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

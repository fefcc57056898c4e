import HoldfastModel
import Synchronization

/// Frames that have come and wait for the task that receives. The event loop puts in, the task takes out.
final class LinkInbox: Sendable {
    /// Above this many bytes the socket is left alone until the task has caught up.
    static let highWater = 1 << 20

    private struct State {
        var frames: [Frame] = []
        var taken = 0
        var bytes = 0
        var isPaused = false
        /// Set once, at the end: nil in it means that the peer ended the link in order.
        var end: HoldfastError??
        var waiter: Waiter?
    }

    private let state = Mutex(State())

    /// True when the socket may be read on.
    func put(_ frames: [Frame], bytes: Int) -> Bool {
        let (waiter, goesOn) = state.withLock { state in
            if state.end == nil {
                state.frames.append(contentsOf: frames)
                state.bytes += bytes
            }
            state.isPaused = state.bytes >= Self.highWater && state.taken < state.frames.count
            defer { if !frames.isEmpty { state.waiter = nil } }
            return (frames.isEmpty ? nil : state.waiter, !state.isPaused)
        }
        waiter?.fire()
        return goesOn
    }

    /// What has come before the end is still received.
    func finish(_ error: HoldfastError?) {
        let waiter = state.withLock { state -> Waiter? in
            if state.end == nil { state.end = .some(error) }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.fire()
    }

    /// The next frame, or nil at the end. `resume` is called when a paused socket is to be read on.
    func take(resume: () -> Void) async throws -> Frame? {
        while true {
            try Task.checkCancellation()
            let waiter = Waiter()
            let (frame, end, resumes) = state.withLock { state -> (Frame?, HoldfastError??, Bool) in
                guard state.taken < state.frames.count else {
                    if state.end == nil { state.waiter = waiter }
                    return (nil, state.end, false)
                }
                let frame = state.frames[state.taken]
                state.taken += 1
                guard state.taken == state.frames.count else { return (frame, nil, false) }
                state.frames.removeAll(keepingCapacity: state.frames.capacity <= 64)
                (state.taken, state.bytes) = (0, 0)
                defer { state.isPaused = false }
                return (frame, nil, state.isPaused)
            }
            if resumes { resume() }
            if let frame { return frame }
            if let end {
                if let error = end { throw error }
                return nil
            }
            await waiter.wait()
        }
    }
}

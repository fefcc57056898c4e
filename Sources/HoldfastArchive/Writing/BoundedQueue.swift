import HoldfastModel
import Synchronization

/// A queue of bounded length between one task that sends and one that receives; the sender waits while it is full.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var finished = false
        var failure: (any Error)?
        var sender: CheckedContinuation<Void, any Error>?
        var receiver: CheckedContinuation<Element?, any Error>?
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Throws: what the receiver failed with, or `CancellationError`.
    func send(_ element: Element) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (sender: CheckedContinuation<Void, any Error>) in
                let resume: () -> Void = state.withLock { state in
                    if let failure = state.failure { return { sender.resume(throwing: failure) } }
                    if let receiver = state.receiver {
                        state.receiver = nil
                        return {
                            receiver.resume(returning: element)
                            sender.resume()
                        }
                    }
                    state.elements.append(element)
                    guard state.elements.count >= limit else { return { sender.resume() } }
                    state.sender = sender
                    return {}
                }
                resume()
            }
        } onCancel: {
            fail(CancellationError())
        }
    }

    /// Nil after the last.
    func next() async throws -> Element? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (receiver: CheckedContinuation<Element?, any Error>) in
                let resume: () -> Void = state.withLock { state in
                    if let failure = state.failure { return { receiver.resume(throwing: failure) } }
                    guard !state.elements.isEmpty else {
                        if state.finished { return { receiver.resume(returning: nil) } }
                        state.receiver = receiver
                        return {}
                    }
                    let (element, sender) = (state.elements.removeFirst(), state.sender)
                    state.sender = nil
                    return {
                        receiver.resume(returning: element)
                        sender?.resume()
                    }
                }
                resume()
            }
        } onCancel: {
            fail(CancellationError())
        }
    }

    /// No more will be sent.
    func finish() {
        let receiver = state.withLock { state in
            state.finished = true
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.resume(returning: nil)
    }

    /// Both sides get `error` from now on. The first failure stays.
    func fail(_ error: any Error) {
        let (sender, receiver) = state.withLock { state in
            defer { (state.sender, state.receiver, state.elements) = (nil, nil, []) }
            if state.failure == nil { state.failure = error }
            return (state.sender, state.receiver)
        }
        sender?.resume(throwing: error)
        receiver?.resume(throwing: error)
    }
}

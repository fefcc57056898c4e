import Synchronization

/// Hands pieces of a stream from one task to another, a few at a time.
final class PieceQueue: Sendable {
    private static let limit = 16

    private struct State {
        var pieces: [[UInt8]] = []
        var ending: Result<Void, any Error>?
        var sender: CheckedContinuation<Void, Never>?
        var receiver: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Returns when there is room for more.
    /// - Throws: the error that it was finished with.
    func send(_ piece: [UInt8]) async throws {
        while true {
            try Task.checkCancellation()
            let outcome = state.withLock {
                state -> (done: Bool, error: (any Error)?, wake: CheckedContinuation<Void, Never>?) in
                if case .failure(let error) = state.ending { return (false, error, nil) }
                guard state.pieces.count < Self.limit else { return (false, nil, nil) }
                state.pieces.append(piece)
                return (true, nil, state.receiver.take())
            }
            outcome.wake?.resume()
            if let error = outcome.error { throw error }
            if outcome.done { return }
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.pieces.count < Self.limit || state.ending != nil { return true }
                    state.sender = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        }
    }

    /// The next piece; nil at the end.
    func next() async throws -> [UInt8]? {
        while true {
            let outcome = state.withLock {
                state -> (piece: [UInt8]?, ending: Result<Void, any Error>?, wake: CheckedContinuation<Void, Never>?) in
                guard !state.pieces.isEmpty else { return (nil, state.ending, nil) }
                return (state.pieces.removeFirst(), nil, state.sender.take())
            }
            outcome.wake?.resume()
            if let piece = outcome.piece { return piece }
            if let ending = outcome.ending {
                try ending.get()
                return nil
            }
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if !state.pieces.isEmpty || state.ending != nil { return true }
                    state.receiver = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        }
    }

    /// No more comes; the first call counts.
    func finish(_ error: (any Error)?) {
        let waiting = state.withLock { state in
            if state.ending == nil { state.ending = error.map { .failure($0) } ?? .success(()) }
            return [state.sender.take(), state.receiver.take()]
        }
        for continuation in waiting { continuation?.resume() }
    }
}

import Synchronization

/// Hands values from one task to another, a few at a time: who gives waits while as many as may wait do.
///
/// One task gives and one takes. Where either is cancelled it is over for both.
package final class Handover<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var ending: Result<Void, any Error>?
        var giver: CheckedContinuation<Void, Never>?
        var taker: CheckedContinuation<Void, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many values may have been given and not taken.
    package init(limit: Int = 1) {
        precondition(limit > 0, "Nothing could ever be given")
        self.limit = limit
    }

    /// Returns when there was room for it.
    /// - Throws: what it was ended with; `CancellationError` where it ended without.
    package func give(_ value: Value) async throws {
        try await withTaskCancellationHandler {
            while try !offer(value) { await waitForRoom() }
        } onCancel: {
            end(CancellationError())
        }
    }

    /// Nil at the end.
    /// - Throws: what it was ended with.
    package func take() async throws -> Value? {
        try await withTaskCancellationHandler {
            while true {
                let (value, isOver) = try receive()
                if value != nil || isOver { return value }
                await waitForValue()
            }
        } onCancel: {
            end(CancellationError())
        }
    }

    /// No more comes; the first end counts. What was given before it is still taken.
    package func end(_ error: (any Error)? = nil) {
        let waiting = state.withLock { state in
            if state.ending == nil { state.ending = error.map { .failure($0) } ?? .success(()) }
            return [state.giver.take(), state.taker.take()]
        }
        for continuation in waiting { continuation?.resume() }
    }

    /// - Returns: whether there was room.
    // Inlined into a loop, a throwing call crashes the optimiser of Swift 6.3.1.
    @inline(never)
    private func offer(_ value: Value) throws -> Bool {
        let taker = try state.withLock { state -> CheckedContinuation<Void, Never>?? in
            if let ending = state.ending {
                try ending.get()
                throw CancellationError()
            }
            guard state.values.count < limit else { return nil }
            state.values.append(value)
            return .some(state.taker.take())
        }
        guard let taker else { return false }
        taker?.resume()
        return true
    }

    @inline(never)
    private func receive() throws -> (value: Value?, isOver: Bool) {
        let (value, giver, ending) = state.withLock {
            state -> (Value?, CheckedContinuation<Void, Never>?, Result<Void, any Error>?) in
            guard !state.values.isEmpty else { return (nil, nil, state.ending) }
            return (state.values.removeFirst(), state.giver.take(), nil)
        }
        giver?.resume()
        try ending?.get()
        return (value, ending != nil)
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                if state.values.count < limit || state.ending != nil { return true }
                precondition(state.giver == nil, "Two tasks give")
                state.giver = continuation
                return false
            }
            if goesOn { continuation.resume() }
        }
    }

    private func waitForValue() async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                if !state.values.isEmpty || state.ending != nil { return true }
                precondition(state.taker == nil, "Two tasks take")
                state.taker = continuation
                return false
            }
            if goesOn { continuation.resume() }
        }
    }
}

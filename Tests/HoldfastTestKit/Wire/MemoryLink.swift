import HoldfastModel
package import HoldfastWire
import Synchronization

/// Two ends of a link within the process, each way bounded: `send` suspends while `capacity` frames wait.
package final class MemoryLink: Link {
    package let peer: Peer
    private let outgoing: Pipe
    private let incoming: Pipe

    private init(peer: Peer, outgoing: Pipe, incoming: Pipe) {
        self.peer = peer
        self.outgoing = outgoing
        self.incoming = incoming
    }

    /// - Parameters:
    ///   - dialer: who the dialer is to the listener.
    ///   - listener: who the listener is to the dialer.
    package static func pair(
        dialer: Peer, listener: Peer = .coordinator, capacity: Int = 4
    ) -> (dialer: MemoryLink, listener: MemoryLink) {
        let (there, back) = (Pipe(capacity: capacity), Pipe(capacity: capacity))
        return (
            MemoryLink(peer: listener, outgoing: there, incoming: back),
            MemoryLink(peer: dialer, outgoing: back, incoming: there)
        )
    }

    package func send(_ frame: Frame) async throws { try await outgoing.put(frame) }

    package func receive() async throws -> Frame? { try await incoming.take() }

    /// What was sent is still received by the other end.
    package func close() async {
        outgoing.end(nil)
        incoming.end(HoldfastError(.unavailable, "The link was closed at this end."))
    }

    /// Cuts both ways at once, as a dead network does.
    package func cut() {
        let error = HoldfastError(.unavailable, "The link was cut.")
        outgoing.end(error)
        incoming.end(error)
    }
}

/// One way of a memory link.
private final class Pipe: Sendable {
    private struct State {
        var frames: [Frame] = []
        var end: HoldfastError??
        var reader: Waiter?
        var writer: Waiter?
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    func put(_ frame: Frame) async throws {
        while true {
            try Task.checkCancellation()
            let waiter = Waiter()
            let (done, reader) = try state.withLock { state -> (Bool, Waiter?) in
                if let end = state.end { throw end ?? HoldfastError(.unavailable, "The link has ended.") }
                guard state.frames.count < capacity else {
                    state.writer = waiter
                    return (false, nil)
                }
                state.frames.append(frame)
                defer { state.reader = nil }
                return (true, state.reader)
            }
            reader?.fire()
            if done { return }
            await waiter.wait()
        }
    }

    func take() async throws -> Frame? {
        while true {
            try Task.checkCancellation()
            let waiter = Waiter()
            let (frame, isOver, writer) = try state.withLock { state -> (Frame?, Bool, Waiter?) in
                if case .some(.some(let error)) = state.end { throw error }
                guard !state.frames.isEmpty else {
                    if state.end == nil { state.reader = waiter }
                    return (nil, state.end != nil, nil)
                }
                defer { state.writer = nil }
                return (state.frames.removeFirst(), false, state.writer)
            }
            writer?.fire()
            if frame != nil || isOver { return frame }
            await waiter.wait()
        }
    }

    func end(_ error: HoldfastError?) {
        let waiters = state.withLock { state in
            if state.end == nil || error != nil { state.end = .some(error) }
            defer { (state.reader, state.writer) = (nil, nil) }
            return [state.reader, state.writer]
        }
        for waiter in waiters { waiter?.fire() }
    }
}

package import NIOCore
import Synchronization

/// A port's guard: every connection passes it, and stays under its eye until its peer is known.
package final class StrangerGate: Sendable {
    private struct State {
        var strangers: Strangers
        var channels: [UInt64: any Channel] = [:]
        var next: UInt64 = 0
    }

    private let state: Mutex<State>

    package init(_ limits: StrangerLimits) { state = Mutex(State(strangers: Strangers(limits))) }

    /// How many connections are without a known peer.
    package var count: Int { state.withLock { $0.strangers.count } }

    /// Takes in a new connection, which is the first thing that happens to its channel.
    ///
    /// - Parameter handshake: how long the peer may take for TLS.
    package func enter(_ channel: any Channel, handshake: TimeAmount) throws -> Stranger {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let stranger = Stranger(number: number, gate: self)
        try channel.pipeline.syncOperations.addHandler(
            StrangerHandler(stranger, patience: handshake), position: .first)
        let evicted = state.withLock { state -> (any Channel)? in
            state.channels[number] = channel
            let evicted = state.strangers.enter(number, from: Origin(channel.remoteAddress))
            return evicted.flatMap { state.channels.removeValue(forKey: $0) }
        }
        if let evicted { StrangerHandler.hangUp(evicted) }
        channel.closeFuture.whenComplete { _ in stranger.leave() }
        return stranger
    }

    func progress(of number: UInt64) -> Strangers.Progress? { state.withLock { $0.strangers.progress(of: number) } }

    func got(_ number: UInt64, to progress: Strangers.Progress) {
        state.withLock { $0.strangers.got(number, to: progress) }
    }

    func leave(_ number: UInt64) {
        state.withLock { state in
            state.strangers.leave(number)
            state.channels[number] = nil
        }
    }
}

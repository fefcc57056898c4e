import HoldfastModel
import HoldfastWire

/// One end of a link, as a process has it.
final class SimulatedLink: Link, @unchecked Sendable {
    let peer: Peer
    // Touched by the executor's one thread.
    private let life: Life
    private let pair: LinkPair
    private let side: LinkPair.Side
    private var inbox: [Frame] = []
    private var failure: HoldfastError?
    private var hasEnded = false
    private var isClosed = false
    private var reader: Waiter?
    private var writer: Waiter?

    init(peer: Peer, life: Life, pair: LinkPair, side: LinkPair.Side) {
        (self.peer, self.life, self.pair, self.side) = (peer, life, pair, side)
    }

    func send(_ frame: Frame) async throws {
        try life.pass()
        while true {
            try Task.checkCancellation()
            if let failure { throw failure }
            if isClosed { throw HoldfastError(.unavailable, "The link was closed at this end") }
            if pair.hasRoom(from: side) { return pair.send(frame, from: side) }
            let waiter = Waiter()
            writer = waiter
            await waiter.wait()
        }
    }

    func receive() async throws -> Frame? {
        while true {
            guard life.isAlive else { throw Life.Ended() }
            try Task.checkCancellation()
            if !inbox.isEmpty { return inbox.removeFirst() }
            if let failure { throw failure }
            if isClosed { throw HoldfastError(.unavailable, "The link was closed at this end") }
            if hasEnded { return nil }
            let waiter = Waiter()
            reader = waiter
            await waiter.wait()
        }
    }

    func close() async {
        guard !isClosed else { return }
        isClosed = true
        if life.isAlive, failure == nil { pair.end(from: side) }
        wakeAll()
    }

    // MARK: from the network

    func deliver(_ frame: Frame) {
        guard life.isAlive, failure == nil, !isClosed else { return }
        inbox.append(frame)
        reader?.fire()
    }

    func endInOrder() {
        hasEnded = true
        reader?.fire()
    }

    func roomCame() { writer?.fire() }

    /// What has arrived can still be read, as from a socket.
    func breakOff(_ reason: String) {
        guard failure == nil else { return }
        failure = HoldfastError(.unavailable, reason)
        wakeAll()
    }

    private func wakeAll() {
        reader?.fire()
        writer?.fire()
    }
}

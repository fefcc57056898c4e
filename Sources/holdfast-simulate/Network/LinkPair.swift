import HoldfastModel
import HoldfastWire

/// The two ends of one link and what is in flight between them.
final class LinkPair: @unchecked Sendable {
    enum Side: Int {
        case dialer, listener

        var other: Side { self == .dialer ? .listener : .dialer }
    }

    /// What travels: a frame, or the end in order.
    private enum Parcel {
        case frame(Frame)
        case end
    }

    /// How many frames may be in flight each way before a sender waits.
    private static let window = 16

    let number: Int
    let name: String
    // Touched by the executor's one thread.
    private unowned let network: SimulatedNetwork
    private var ends: [SimulatedLink] = []
    private let lives: [Life]
    /// In flight, by the sender's side, and when the last of them arrives.
    private var flying: [[Parcel]] = [[], []]
    private var lastArrival: [Duration] = [.zero, .zero]
    private var isTravelling = [false, false]
    private var broken = [false, false]

    init(
        number: Int, network: SimulatedNetwork, dialer: (life: Life, peer: Peer), listener: (life: Life, peer: Peer)
    ) {
        self.number = number
        self.network = network
        lives = [dialer.life, listener.life]
        name = "link \(number) \(dialer.life.process)–\(listener.life.process)"
        ends = [
            SimulatedLink(peer: listener.peer, life: dialer.life, pair: self, side: .dialer),
            SimulatedLink(peer: dialer.peer, life: listener.life, pair: self, side: .listener),
        ]
    }

    var dialing: SimulatedLink { ends[Side.dialer.rawValue] }
    var listening: SimulatedLink { ends[Side.listener.rawValue] }
    var isWhole: Bool { !broken[0] && !broken[1] }
    func belongs(to life: Life) -> Bool { lives.contains { $0 === life } }

    // MARK: sending

    func hasRoom(from side: Side) -> Bool { flying[side.rawValue].count < Self.window }

    func send(_ frame: Frame, from side: Side) {
        Trace.shared.note(.network, "\(number)\(side == .dialer ? ">" : "<") \(frame.summary)")
        // Nodes dial coordinators, so the dialler of such a link is the node.
        if side == .dialer, dialing.peer == .coordinator {
            network.wiretap?.left(lives[0].process, frame, on: number)
        }
        post(.frame(frame), from: side)
    }

    func end(from side: Side) { post(.end, from: side) }

    private func post(_ parcel: Parcel, from side: Side) {
        guard !broken[side.rawValue] else { return }
        flying[side.rawValue].append(parcel)
        travel(from: side)
    }

    /// Sets the first parcel of a direction on its way, unless the road is blocked.
    private func travel(from side: Side) {
        let index = side.rawValue
        guard !isTravelling[index], !flying[index].isEmpty, !isBlocked(from: side) else { return }
        isTravelling[index] = true
        let executor = SeededExecutor.shared
        // Those behind the first follow close by: the delay is the road's, not each frame's.
        let delay = executor.now - lastArrival[index] < .milliseconds(1) ? .microseconds(20) : network.latency()
        executor.after(delay) { self.arrive(from: side) }
    }

    private func arrive(from side: Side) {
        let index = side.rawValue
        isTravelling[index] = false
        guard !flying[index].isEmpty, !isBlocked(from: side) else { return }
        let parcel = flying[index].removeFirst()
        lastArrival[index] = SeededExecutor.shared.now
        let receiver = ends[side.other.rawValue]
        switch parcel {
        case .frame(let frame):
            guard lives[side.other.rawValue].isAlive else { return refuse(side) }
            if side == .listener, dialing.peer == .coordinator {
                network.wiretap?.reached(lives[0].process, frame, on: number)
                receiver.deliver(network.forgery.order(frame, epoch: network.epoch()))
            } else {
                receiver.deliver(frame)
            }
        case .end: receiver.endInOrder()
        }
        ends[index].roomCame()
        travel(from: side)
    }

    /// What reaches a machine whose process is gone: it answers with a reset, unless it is off.
    private func refuse(_ side: Side) {
        guard !network.isSilent(lives[side.other.rawValue].process) else { return }
        breakAt(side, "The connection was reset by the peer")
    }

    private func isBlocked(from side: Side) -> Bool {
        network.isBlocked(lives[side.rawValue].process, lives[side.other.rawValue].process)
    }

    func resume(_ direction: SimulatedNetwork.Direction) {
        for side in [Side.dialer, .listener]
        where lives[side.rawValue].process == direction.from && lives[side.other.rawValue].process == direction.to {
            travel(from: side)
        }
    }

    // MARK: breaking

    /// One side has given the link up; the other hears of it when the news gets there.
    func cut(by side: Side, _ reason: String) {
        breakAt(side, reason)
        let other = side.other
        SeededExecutor.shared.after(network.latency()) {
            if !self.isBlocked(from: side) { self.breakAt(other, "The connection was reset by the peer") }
        }
    }

    /// Both ends learn of it, each in its own time; of what is in flight each way, some arrives.
    func breakOff() {
        for side in [Side.dialer, .listener] {
            let index = side.rawValue
            let kept = network.draw(flying[index].count + 1)
            flying[index].removeLast(flying[index].count - kept)
            broken[index] = true
            SeededExecutor.shared.after(network.latency() * 4) { self.breakAt(side, "The link broke") }
        }
    }

    /// The process of one end is gone.
    func lose(_ life: Life, silently: Bool) {
        for side in [Side.dialer, .listener] where lives[side.rawValue] === life {
            broken[side.rawValue] = true
            if silently {
                flying[side.rawValue] = []
            } else {
                // What the kernel had accepted still leaves; then the peer hears of the end.
                let kept = network.draw(flying[side.rawValue].count + 1)
                flying[side.rawValue].removeLast(flying[side.rawValue].count - kept)
                SeededExecutor.shared.after(network.latency() * 2) { self.breakAt(side.other, "The peer is gone") }
            }
            ends[side.rawValue].breakOff("This process has ended")
        }
        if broken[0], broken[1] { network.forget(self) }
    }

    private func breakAt(_ side: Side, _ reason: String) {
        broken[side.rawValue] = true
        flying[side.rawValue] = []
        ends[side.rawValue].breakOff(reason)
        if broken[0], broken[1] { network.forget(self) }
    }
}

extension Frame {
    /// Enough to follow a conversation by.
    var summary: String {
        switch self {
        case .hello: "hello"
        case .open(let stream, let name, let body, _): "open \(stream) \(name) \(body.count)"
        case .event(let stream, let body): "event \(stream) \(body.count)"
        case .data(let stream, let bytes, let ends): "data \(stream) \(bytes.count)\(ends ? " end" : "")"
        case .end(let stream): "end \(stream)"
        case .credit(let stream, let bytes): "credit \(stream) \(bytes)"
        case .reply(let stream, let body): "reply \(stream) \(body.count)"
        case .error(let stream, let error): "error \(stream) \(error.code.rawValue)"
        case .cancel(let stream): "cancel \(stream)"
        case .ping: "ping"
        case .pong: "pong"
        case .goodbye: "goodbye"
        }
    }
}

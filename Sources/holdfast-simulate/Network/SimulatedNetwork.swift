import HoldfastModel
import HoldfastNode
import HoldfastWire

/// The roads between the hosts of a simulated cluster: how long things take, what is cut off, and who listens where.
///
/// A road carries TCP, so within one link frames are neither lost alone nor reordered. Whole links break, with what is in
/// flight; directions stall; a new link overtakes the last frames of the old one; an attempt to connect may succeed at the
/// listener alone.
final class SimulatedNetwork: @unchecked Sendable {
    /// How long a dialler waits for an answer.
    static let dialTimeout = Duration.seconds(10)

    // Touched by the executor's one thread.
    private let executor = SeededExecutor.shared
    private var chance: Chance
    private var listeners: [NetworkAddress: SimulatedListener] = [:]
    private var blocked: Set<Direction> = []
    private var pairs: [Int: LinkPair] = [:]
    private var pairCount = 0
    /// Hears what coordinators and nodes say to each other.
    var wiretap: Wiretap?
    /// What a variant of this run changes, and the epoch that it makes of others.
    var forgery = Forgery(variant: nil)
    var epoch: () -> Epoch = { Epoch(0) }
    /// In so many, one attempt to connect is never answered to the dialler.
    var lostAnswersOneIn: Int?

    struct Direction: Hashable, Comparable {
        var from: String
        var to: String

        static func < (left: Self, right: Self) -> Bool { (left.from, left.to) < (right.from, right.to) }
    }

    init(_ chance: Chance) { self.chance = chance }

    // MARK: who listens

    func listen(_ listener: SimulatedListener, at address: NetworkAddress) throws {
        if let other = listeners[address], other.life.isAlive { throw HoldfastError(.busy, "\(address) is in use") }
        listeners[address] = listener
    }

    func close(_ listener: SimulatedListener, at address: NetworkAddress) {
        if listeners[address] === listener { listeners[address] = nil }
    }

    // MARK: dialling

    func dial(_ address: NetworkAddress, from life: Life, as peer: Peer) async throws -> any Link {
        try life.pass()
        let time = SimulatedTime(life, WallClock())
        let there = Direction(from: life.process, to: address.host)
        let back = Direction(from: address.host, to: life.process)
        let isAnswerLost = lostAnswersOneIn.map { chance.isOne(in: $0) } ?? false
        try await time.sleep(for: latency())
        let listener = listeners[address]
        guard !blocked.contains(there), listener != nil || !isSilent(address.host) else {
            throw try await giveUp(address, time)
        }
        guard let listener, listener.life.isAlive else {
            try await time.sleep(for: latency())
            throw HoldfastError(.unavailable, "\(address) refused the connection")
        }
        let pair = makePair(life, listener.life, dialer: peer, listener: listener.peer)
        Trace.shared.note(.network, "\(pair.name) opened")
        listener.accept(pair.listening)
        if blocked.contains(back) || isAnswerLost {
            Trace.shared.note(.network, "\(pair.name) answer lost")
            throw try await giveUp(address, time)
        }
        do {
            try await time.sleep(for: latency())
        } catch {
            pair.cut(by: .dialer, "the dialler gave up")
            throw error
        }
        return pair.dialing
    }

    private func giveUp(_ address: NetworkAddress, _ time: SimulatedTime) async throws -> HoldfastError {
        try await time.sleep(for: Self.dialTimeout)
        return HoldfastError(.timedOut, "\(address) did not answer")
    }

    /// Hosts that are off answer nothing, not even with a refusal.
    private var silent: Set<String> = []
    func isSilent(_ host: String) -> Bool { silent.contains(host) }

    private func makePair(_ dialer: Life, _ listener: Life, dialer peer: Peer, listener answerer: Peer) -> LinkPair {
        pairCount += 1
        let number = pairCount
        let pair = LinkPair(
            number: number, network: self, dialer: (dialer, peer), listener: (listener, answerer))
        pairs[number] = pair
        return pair
    }

    // MARK: faults

    /// Stops one direction between two hosts; what is sent waits.
    func block(_ direction: Direction) {
        if blocked.insert(direction).inserted {
            Trace.shared.note(.fault, "road \(direction.from) → \(direction.to) blocked")
        }
    }

    func unblock(_ direction: Direction) {
        guard blocked.remove(direction) != nil else { return }
        Trace.shared.note(.fault, "road \(direction.from) → \(direction.to) open")
        for pair in pairs.values.sorted(by: { $0.number < $1.number }) { pair.resume(direction) }
    }

    func unblockAll() {
        for direction in blocked.sorted() { unblock(direction) }
    }

    func isBlocked(_ from: String, _ to: String) -> Bool { blocked.contains(Direction(from: from, to: to)) }

    /// Breaks a link between two processes, as a router does that forgets it. False where there is none.
    func breakOneLink() -> Bool {
        let open = pairs.values.filter(\.isWhole).sorted { $0.number < $1.number }
        guard let pair = chance.pick(open) else { return false }
        Trace.shared.note(.fault, "\(pair.name) broken")
        pair.breakOff()
        return true
    }

    /// The process has died: its links are reset, or with its host's power fall silent.
    func lose(_ life: Life, silently: Bool) {
        for pair in pairs.values.sorted(by: { $0.number < $1.number }) where pair.belongs(to: life) {
            pair.lose(life, silently: silently)
        }
        if silently { silent.insert(life.process) }
    }

    func isBack(_ host: String) { silent.remove(host) }

    // MARK: for links

    func latency() -> Duration {
        // Mostly quick, seldom as slow as a congested road.
        chance.isOne(in: 20)
            ? chance.duration(.milliseconds(20) ... .milliseconds(800))
            : chance.duration(.microseconds(200) ... .milliseconds(12))
    }

    func draw(_ count: Int) -> Int { chance.below(count) }

    func forget(_ pair: LinkPair) { pairs[pair.number] = nil }
}

package import HoldfastModel
import NIOCore

/// The rules of one connection: which frames may come when, which go next, and how much may be on its way. It does no
/// I/O and has no clock; `Connection` tells it what happened and does what it says.
package struct Multiplexer: Sendable {
    /// What somebody may be waiting for.
    package enum Interest: Hashable, Sendable {
        /// An event, a reply or an error.
        case message
        /// Bulk to read.
        case data
        /// Room for bulk or events to be written.
        case room
        case cancellation
        /// The hello of the peer, or a free stream.
        case slot
    }

    package enum Action: Hashable, Sendable {
        case established(Hello)
        /// The peer's message; somebody has to answer it.
        case handle(StreamID, name: String, body: [UInt8])
        case wake(StreamID, Interest)
        /// The connection is over: whoever waits for anything is to look again.
        case wakeAll
        /// The link is to be cut without further patience.
        case hangUp
    }

    enum State: Hashable {
        case greeting
        case open(Hello)
        /// Nil when it ended in order.
        case ended(HoldfastError?)
    }

    package let side: ConnectionSide
    let limits: ConnectionLimits
    var state = State.greeting
    var streams: [StreamID: MultiplexedStream] = [:]
    var ourStreams = 0
    var theirStreams = 0
    var nextOurs: UInt32
    var lastTheirs: UInt32 = 0

    /// In order of urgency.
    var pong: UInt64?
    var control = CircularBuffer<Frame>()
    var creditDue = CircularBuffer<StreamID>()
    var ready = CircularBuffer<StreamID>()

    var saidGoodbye = false
    var heardGoodbye = false
    var started: Duration
    var lastHeard: Duration
    var hasPinged = false
    var deadline: Duration?

    package init(side: ConnectionSide, purpose: Hello.Purpose, limits: ConnectionLimits, now: Duration) {
        self.side = side
        self.limits = limits
        nextOurs = side == .dialer ? 1 : 2
        started = now
        lastHeard = now
        control.append(
            .hello(
                Hello(
                    purpose: purpose, window: UInt32(limits.window), maximumStreams: UInt32(limits.maximumStreams))))
    }

    /// Why nothing can be sent or received any more.
    var lossError: HoldfastError? {
        guard case .ended(let reason) = state else { return nil }
        return HoldfastError(.unavailable, "The connection has ended\(reason.map { ": \($0.message)" } ?? ".")")
    }

    /// What ended the connection out of order.
    package var failure: HoldfastError? {
        guard case .ended(let reason) = state else { return nil }
        return reason
    }

    /// Bytes of bulk that wait for readers, on all streams.
    package var bufferedBytes: Int { streams.values.reduce(0) { $0 + $1.arrived.reduce(0) { $0 + $1.count } } }

    /// Everything that will ever be sent has been taken: the link may be closed.
    package var isFinished: Bool {
        guard control.isEmpty, pong == nil else { return false }
        if case .ended = state { return true }
        return saidGoodbye && streams.isEmpty
    }

    // MARK: what goes out

    /// Whether `nextFrame` may have something. Where a stream in line turns out to have nothing it gives nil all the same.
    var hasOutput: Bool { pong != nil || !control.isEmpty || !creditDue.isEmpty || !ready.isEmpty }

    /// The next frame for the link; nil when there is nothing to send at present. Control goes before bulk, and streams
    /// with bulk take turns.
    package mutating func nextFrame() -> (frame: Frame, actions: [Action])? {
        if let number = pong {
            pong = nil
            return (.pong(number), [])
        }
        if let frame = control.popFirst() { return (frame, taken(frame)) }
        while let id = creditDue.popFirst() {
            if let frame = credit(on: id) { return (frame, []) }
        }
        while let id = ready.popFirst() {
            if let next = bulk(on: id) { return next }
        }
        return nil
    }

    private mutating func taken(_ frame: Frame) -> [Action] {
        switch frame {
        case .event(let id, _):
            streams[id]?.eventsQueued -= 1
            return [.wake(id, .room)]
        case .reply(let id, _):
            remove(id)
        case .error(let id, _) where id != .connection:
            remove(id)
        default: break
        }
        return []
    }

    private mutating func credit(on id: StreamID) -> Frame? {
        guard var stream = streams[id] else { return nil }
        let bytes = stream.returnable
        stream.isCreditDue = false
        guard bytes > 0, !stream.receivingEnded, !stream.isAbandoned else {
            streams[id] = stream
            return nil
        }
        stream.returnable = 0
        stream.receiveCredit += bytes
        streams[id] = stream
        return .credit(id, UInt32(bytes))
    }

    private mutating func bulk(on id: StreamID) -> (frame: Frame, actions: [Action])? {
        guard var stream = streams.removeValue(forKey: id) else { return nil }
        defer { streams[id] = stream }
        stream.isReady = false
        var frame: Frame?
        if let bytes = stream.takeUnsent(limit: FrameLimits.data) {
            let ends = stream.unsent.isEmpty && stream.sending == .ending
            if ends { stream.sending = .ended }
            frame = .data(id, bytes, ends: ends)
        } else if stream.unsent.isEmpty, stream.sending == .ending {
            stream.sending = .ended
            frame = .end(id)
        }
        if let answer = stream.answer, stream.unsent.isEmpty {
            stream.answer = nil
            control.append(answer)
        } else {
            enqueue(id, &stream)
        }
        return frame.map { ($0, [.wake(id, .room)]) }
    }

    /// Puts a stream in line if it has something that may be sent now.
    func mayProceed(_ stream: MultiplexedStream) -> Bool {
        stream.unsent.isEmpty ? stream.sending == .ending : stream.sendCredit > 0
    }

    mutating func enqueue(_ id: StreamID, _ stream: inout MultiplexedStream) {
        guard !stream.isReady, mayProceed(stream) else { return }
        stream.isReady = true
        ready.append(id)
    }

    mutating func remove(_ id: StreamID) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        if stream.isOurs { ourStreams -= 1 } else { theirStreams -= 1 }
    }

    // MARK: how it ends

    /// Says goodbye: no new streams from either side; the open ones may go on until `deadline`.
    package mutating func close(by deadline: Duration) -> [Action] {
        guard !saidGoodbye, lossError == nil else { return [] }
        saidGoodbye = true
        self.deadline = deadline
        control.append(.goodbye)
        return [.wakeAll]
    }

    /// The link has ended, for a reason or, with nil, at a frame's edge.
    package mutating func lost(_ reason: HoldfastError?) -> [Action] {
        if case .ended = state { return [.wakeAll] }
        // After a goodbye, with nothing left to answer, it makes no difference how the link ends.
        let inOrder = (saidGoodbye || heardGoodbye) && (reason == nil || streams.isEmpty)
        end(inOrder ? nil : reason ?? HoldfastError(.unavailable, "The peer went away without a goodbye."))
        control.removeAll()
        return [.wakeAll]
    }

    /// Tells the peer what it did wrong, and ends the connection.
    package mutating func refuse(_ error: HoldfastError, now: Duration) -> [Action] {
        end(error)
        // A hello that has not left yet still goes first: without it the peer would not understand the error.
        let first = control.first
        control.removeAll()
        if case .hello = first { first.map { control.append($0) } }
        control.append(.error(.connection, error))
        deadline = now + limits.farewell
        return [.wakeAll]
    }

    mutating func end(_ reason: HoldfastError?) {
        state = .ended(reason)
        pong = nil
        creditDue.removeAll()
        ready.removeAll()
        for id in streams.keys { streams[id]?.dropUnsent() }
    }

    /// Time has passed.
    package mutating func tick(now: Duration) -> [Action] {
        if let deadline, now >= deadline {
            return lost(HoldfastError(.timedOut, "The connection was not closed in time.")) + [.hangUp]
        }
        switch state {
        case .ended: return []
        case .greeting:
            guard now - started >= limits.greeting else { return [] }
            return refuse(HoldfastError(.timedOut, "The peer did not say hello in time."), now: now)
        case .open:
            let silence = now - lastHeard
            if silence >= limits.gone {
                return lost(HoldfastError(.unavailable, "The peer has been silent for \(silence).")) + [.hangUp]
            }
            if silence >= limits.idle, !hasPinged {
                hasPinged = true
                control.append(.ping(UInt64(max(0, now.components.seconds))))
            }
            return []
        }
    }
}

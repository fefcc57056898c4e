package import HoldfastModel

/// What callers and handlers do with their streams.
extension Multiplexer {
    /// Begins a message. Nil while the peer takes no further stream; `Interest.slot` tells when to try again.
    ///
    /// `ends`: the caller sends no bulk. `discardsBulk`: what bulk the handler sends is dropped as it comes.
    /// Throws `unavailable` when the connection takes no new calls.
    package mutating func open(
        name: String, body: [UInt8], ends: Bool, discardsBulk: Bool
    ) throws(HoldfastError) -> StreamID? {
        if let lossError { throw lossError }
        guard !saidGoodbye, !heardGoodbye, nextOurs < UInt32.max - 2 else {
            throw HoldfastError(.unavailable, "The connection is being closed.")
        }
        guard case .open(let hello) = state, ourStreams < Int(hello.maximumStreams) else { return nil }
        let id = StreamID(nextOurs)
        nextOurs += 2
        ourStreams += 1
        var stream = MultiplexedStream(isOurs: true, sendCredit: Int(hello.window), receiveCredit: limits.window)
        stream.sending = ends ? .ended : .open
        stream.discardsBulk = discardsBulk
        streams[id] = stream
        control.append(.open(id, name: name, body: body, ends: ends))
        return id
    }

    package enum Message: Hashable, Sendable {
        case wait
        case event([UInt8])
        case reply([UInt8])
        case failed(HoldfastError)
    }

    /// The next event of a stream of ours, then its outcome.
    package mutating func takeMessage(_ id: StreamID) -> Message {
        guard let stream = streams[id] else { return .failed(lossError ?? Self.closed) }
        if !stream.events.isEmpty, let event = streams[id]?.events.popFirst() { return .event(event) }
        switch stream.outcome {
        case .success(let body): return .reply(body)
        case .failure(let error): return .failed(error)
        case nil: return lossError.map(Message.failed) ?? .wait
        }
    }

    /// Whether the peer has replied to a stream of ours.
    package func isAnswered(_ id: StreamID) -> Bool {
        if case .success = streams[id]?.outcome { true } else { false }
    }

    /// Why a stream of ours has failed, if it has.
    package func failure(of id: StreamID) -> HoldfastError? {
        switch streams[id]?.outcome {
        case .failure(let error): error
        case .success: nil
        case nil: lossError
        }
    }

    package enum Bulk: Hashable, Sendable {
        case wait
        case bytes([UInt8])
        case end
        case failed(HoldfastError)
    }

    /// The next bulk that has come. Taking it is what gives the peer new credit.
    package mutating func takeBulk(_ id: StreamID) -> Bulk {
        guard var stream = streams.removeValue(forKey: id) else { return .failed(lossError ?? Self.closed) }
        defer { streams[id] = stream }
        if case .failure(let error) = stream.outcome { return .failed(error) }
        if stream.outcome == nil, let lossError { return .failed(lossError) }
        if stream.isCancelled { return .failed(Self.cancelled) }
        if let bytes = stream.arrived.popFirst() {
            giveBack(bytes.count, id, &stream)
            return .bytes(bytes)
        }
        return stream.receivingEnded ? .end : .wait
    }

    /// Drops what bulk has come and will come on a stream.
    package mutating func discardBulk(_ id: StreamID) {
        guard var stream = streams.removeValue(forKey: id) else { return }
        stream.discardsBulk = true
        let bytes = stream.arrived.reduce(0) { $0 + $1.count }
        stream.arrived.removeAll()
        giveBack(bytes, id, &stream)
        streams[id] = stream
    }

    /// Credit goes back in quarters of the window, so that it costs few frames and never stops a sender.
    mutating func giveBack(_ bytes: Int, _ id: StreamID, _ stream: inout MultiplexedStream) {
        stream.returnable += bytes
        guard !stream.receivingEnded, !stream.isCreditDue, stream.returnable >= max(1, limits.window / 4) else {
            return
        }
        stream.isCreditDue = true
        creditDue.append(id)
    }

    package enum Room: Hashable, Sendable {
        case free
        case wait
        case failed(HoldfastError)
    }

    /// Whether more bulk may be written.
    package func roomForBulk(_ id: StreamID) -> Room {
        if let lossError { return .failed(lossError) }
        guard let stream = streams[id] else { return .failed(Self.closed) }
        if stream.isCancelled { return .failed(Self.cancelled) }
        if case .failure(let error) = stream.outcome { return .failed(error) }
        guard stream.sending == .open else { return .failed(Self.closed) }
        return stream.unsentBytes > limits.unsent ? .wait : .free
    }

    /// Bulk to send, in order after what was written before.
    ///
    /// - Precondition: `roomForBulk` is not `failed`.
    package mutating func write(_ bytes: [UInt8], on id: StreamID) {
        guard !bytes.isEmpty, var stream = streams.removeValue(forKey: id) else { return }
        stream.unsent.append(bytes)
        stream.unsentBytes += bytes.count
        enqueue(id, &stream)
        streams[id] = stream
    }

    /// No more bulk from us.
    package mutating func finishBulk(_ id: StreamID) {
        guard lossError == nil, var stream = streams[id], stream.sending == .open else { return }
        streams[id] = nil
        stream.sending = .ending
        enqueue(id, &stream)
        streams[id] = stream
    }

    /// Whether a handler may send an event: a few may wait for the link.
    package func roomForEvent(_ id: StreamID) -> Room {
        if let lossError { return .failed(lossError) }
        guard let stream = streams[id] else { return .failed(Self.closed) }
        if stream.isCancelled { return .failed(Self.cancelled) }
        return stream.eventsQueued >= 4 ? .wait : .free
    }

    package mutating func sendEvent(_ body: [UInt8], on id: StreamID) {
        guard streams[id] != nil else { return }
        streams[id]?.eventsQueued += 1
        control.append(.event(id, body))
    }

    /// The handler's answer. A reply waits for the bulk that was written before it; an error does not.
    package mutating func answer(_ id: StreamID, _ outcome: Result<[UInt8], HoldfastError>) {
        guard lossError == nil, var stream = streams[id], !stream.isOurs else { return }
        switch outcome {
        case .failure(let error):
            stream.dropUnsent()
            stream.sending = .ended
            control.append(.error(id, error))
        case .success(let body):
            if stream.sending == .open { stream.sending = .ended }
            if stream.unsent.isEmpty { control.append(.reply(id, body)) } else { stream.answer = .reply(id, body) }
        }
        stream.discardsBulk = true
        stream.arrived.removeAll()
        streams[id] = stream
    }

    package func isCancelled(_ id: StreamID) -> Bool {
        streams[id]?.isCancelled ?? true
    }

    /// The caller is done with its stream. Without an outcome yet, the peer is told that none is wanted.
    package mutating func release(_ id: StreamID) -> [Action] {
        guard var stream = streams[id], stream.isOurs else { return [] }
        if stream.outcome != nil || lossError != nil {
            remove(id)
            return [.wake(.connection, .slot)]
        }
        stream.isAbandoned = true
        stream.dropUnsent()
        stream.sending = .ended
        stream.arrived.removeAll()
        stream.events.removeAll()
        streams[id] = stream
        control.append(.cancel(id))
        return []
    }

    private static var closed: HoldfastError {
        HoldfastError(.cancelled, "The stream has been answered: nothing more can be sent or read on it.")
    }

    private static var cancelled: HoldfastError {
        HoldfastError(.cancelled, "The caller cancelled the request.")
    }
}

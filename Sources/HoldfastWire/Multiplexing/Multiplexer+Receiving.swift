import HoldfastModel

extension Multiplexer {
    /// A frame has come. What breaks the rules ends the connection with an error frame.
    package mutating func received(_ frame: Frame, now: Duration) -> [Action] {
        if case .ended = state { return [] }
        lastHeard = now
        hasPinged = false
        do {
            return try accept(frame, now: now)
        } catch {
            return refuse(error, now: now)
        }
    }

    private mutating func accept(_ frame: Frame, now: Duration) throws(HoldfastError) -> [Action] {
        if case .greeting = state { return try greet(frame) }
        switch frame {
        case .hello: throw HoldfastError(.malformed, "A second hello.")
        case .open(let id, let name, let body, let ends): return try open(id, name, body, ends)
        case .event(let id, let body): return try event(id, body)
        case .data(let id, let bytes, let ends): return try data(id, bytes, ends)
        case .end(let id): return try bulkEnded(id)
        case .credit(let id, let bytes): return try allowed(id, Int(bytes))
        case .reply(let id, let body): return try answered(id, .success(body))
        case .error(.connection, let error):
            // What the peer found wrong; there is nobody left to tell anything.
            end(error)
            control.removeAll()
            deadline = now + limits.farewell
            return [.wakeAll]
        case .error(let id, let error): return try answered(id, .failure(error))
        case .cancel(let id): return try cancelled(id)
        case .ping(let number):
            // Only the latest is answered: a flood of pings makes no queue.
            pong = number
            return []
        case .pong: return []
        case .goodbye:
            heardGoodbye = true
            return [.wakeAll]
        }
    }

    private mutating func greet(_ frame: Frame) throws(HoldfastError) -> [Action] {
        if case .error(.connection, let error) = frame {
            end(error)
            control.removeAll()
            return [.wakeAll]
        }
        guard case .hello(let hello) = frame else { throw HoldfastError(.malformed, "The first frame is not a hello.") }
        guard hello.version == Hello.currentVersion else {
            throw HoldfastError(
                .unsupported,
                """
                The peer speaks version \(hello.version) of the protocol, this program version \
                \(Hello.currentVersion): upgrade the older one.
                """)
        }
        guard hello.window <= Int32.max else { throw HoldfastError(.malformed, "The hello offers too large a window.") }
        state = .open(hello)
        return [.established(hello), .wake(.connection, .slot)]
    }

    private mutating func open(
        _ id: StreamID, _ name: String, _ body: [UInt8], _ ends: Bool
    ) throws(HoldfastError) -> [Action] {
        guard case .open(let hello) = state, !isOurs(id), id.number > lastTheirs else {
            throw HoldfastError(.malformed, "Stream \(id) can't be opened: its number is not the peer's next.")
        }
        guard theirStreams < limits.maximumStreams else {
            throw HoldfastError(.malformed, "More than \(limits.maximumStreams) streams at once.")
        }
        lastTheirs = id.number
        theirStreams += 1
        var stream = MultiplexedStream(isOurs: false, sendCredit: Int(hello.window), receiveCredit: limits.window)
        stream.receivingEnded = ends
        streams[id] = stream
        guard !saidGoodbye else {
            answer(id, .failure(HoldfastError(.unavailable, "This process is closing the connection; connect anew.")))
            return []
        }
        return [.handle(id, name: name, body: body)]
    }

    private mutating func event(_ id: StreamID, _ body: [UInt8]) throws(HoldfastError) -> [Action] {
        guard isOurs(id), var stream = streams[id], stream.outcome == nil else {
            throw HoldfastError(.malformed, "An event on stream \(id), which awaits none.")
        }
        guard !stream.isAbandoned else { return [] }
        // An event is news: who falls behind misses the oldest. What must arrive is bulk or the reply.
        if stream.events.count >= limits.queuedEvents { stream.events.removeFirst() }
        stream.events.append(body)
        streams[id] = stream
        return [.wake(id, .message)]
    }

    private mutating func data(_ id: StreamID, _ bytes: [UInt8], _ ends: Bool) throws(HoldfastError) -> [Action] {
        guard var stream = try receiving(id) else { return [] }
        guard bytes.count <= stream.receiveCredit else {
            throw HoldfastError(.malformed, "Stream \(id) got more bulk than it gave credit for.")
        }
        // Out of the dictionary while it changes, so that its buffers aren't copied.
        streams[id] = nil
        stream.receiveCredit -= bytes.count
        stream.receivingEnded = ends
        if stream.discardsBulk {
            giveBack(bytes.count, id, &stream)
        } else if !stream.isAbandoned {
            stream.append(bytes)
        }
        streams[id] = stream
        return [.wake(id, .data)]
    }

    private mutating func bulkEnded(_ id: StreamID) throws(HoldfastError) -> [Action] {
        guard try receiving(id) != nil else { return [] }
        streams[id]?.receivingEnded = true
        return [.wake(id, .data)]
    }

    /// Nil for a stream of the peer's that we have answered already: it could not know yet.
    private func receiving(_ id: StreamID) throws(HoldfastError) -> MultiplexedStream? {
        guard let stream = try known(id) else { return nil }
        guard !stream.receivingEnded else {
            throw HoldfastError(.malformed, "Bulk on stream \(id) after its end.")
        }
        return stream
    }

    private func known(_ id: StreamID) throws(HoldfastError) -> MultiplexedStream? {
        if let stream = streams[id] { return stream }
        guard !isOurs(id), id.number <= lastTheirs else {
            throw HoldfastError(.malformed, "A frame for stream \(id), which is not open.")
        }
        return nil
    }

    private mutating func allowed(_ id: StreamID, _ bytes: Int) throws(HoldfastError) -> [Action] {
        guard var stream = try known(id) else { return [] }
        guard bytes > 0, stream.sendCredit + bytes <= Int(Int32.max) else {
            throw HoldfastError(.malformed, "A credit on stream \(id) beyond all bounds.")
        }
        streams[id] = nil
        stream.sendCredit += bytes
        enqueue(id, &stream)
        streams[id] = stream
        return []
    }

    private mutating func answered(
        _ id: StreamID, _ outcome: Result<[UInt8], HoldfastError>
    ) throws(HoldfastError) -> [Action] {
        guard isOurs(id), var stream = streams[id], stream.outcome == nil else {
            throw HoldfastError(.malformed, "An answer on stream \(id), which awaits none.")
        }
        guard !stream.isAbandoned else {
            remove(id)
            return [.wake(.connection, .slot)]
        }
        stream.outcome = outcome
        stream.receivingEnded = true
        stream.dropUnsent()
        stream.sending = .ended
        streams[id] = stream
        return [.wake(id, .message), .wake(id, .data), .wake(id, .room)]
    }

    private mutating func cancelled(_ id: StreamID) throws(HoldfastError) -> [Action] {
        guard !isOurs(id) else { throw HoldfastError(.malformed, "A cancel for stream \(id) from its other side.") }
        guard var stream = try known(id) else { return [] }
        stream.isCancelled = true
        stream.dropUnsent()
        stream.sending = .ended
        if let answer = stream.answer {
            stream.answer = nil
            control.append(answer)
        }
        streams[id] = stream
        return [.wake(id, .cancellation), .wake(id, .data), .wake(id, .room)]
    }

    private func isOurs(_ id: StreamID) -> Bool {
        id.number.isMultiple(of: 2) == (side == .listener)
    }
}

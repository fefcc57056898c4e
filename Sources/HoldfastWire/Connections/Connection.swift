package import HoldfastModel

/// The shell around a `Multiplexer`: it moves frames between a link and those who call and answer.
///
/// Nothing happens until `run` does; calls made before wait for it.
package actor Connection {
    private struct WaitKey: Hashable {
        var stream: StreamID
        var interest: Multiplexer.Interest
    }

    package nonisolated let peer: Peer
    private nonisolated let handlers: Handlers
    private let link: any Link
    private let time: any TimeSource
    private let limits: ConnectionLimits
    private var multiplexer: Multiplexer
    private var greeting: Hello?
    private var waiters: [WaitKey: [Waiter]] = [:]
    private var output: Waiter?
    private let hasWritten = Waiter()

    /// - Parameter limits: for peers that have shown a certificate; others get `ConnectionLimits.anonymous`.
    package init(
        link: any Link, side: ConnectionSide, purpose: Hello.Purpose = .control, handlers: Handlers = Handlers(),
        limits: ConnectionLimits = ConnectionLimits(), time: any TimeSource
    ) {
        let limits = link.peer == .anonymous ? .anonymous : limits
        self.peer = link.peer
        self.link = link
        self.handlers = handlers
        self.time = time
        self.limits = limits
        multiplexer = Multiplexer(side: side, purpose: purpose, limits: limits, now: time.uptime)
    }

    // MARK: life

    /// Carries the connection until it ends; then every handler has ended and every pending call thrown `unavailable`.
    ///
    /// Returns when it ended in order, with a goodbye of either side. Throws `malformed`, `unsupported`, `unavailable`
    /// or `timedOut` when it did not, and `cancelled` when the task is cancelled, which cuts the connection.
    package func run() async throws(HoldfastError) {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.write() }
            group.addTask { await self.keepTime() }
            await read(&group)
            await link.close()
            group.cancelAll()
        }
        if let failure = multiplexer.failure { throw failure }
    }

    /// Says goodbye, and returns when the open streams have been answered, at the latest after `grace`.
    package func close(grace: Duration = .seconds(10)) async {
        perform(multiplexer.close(by: time.uptime + grace))
        while !Task.isCancelled, multiplexer.lossError == nil {
            try? await wait(.connection, .cancellation)
        }
    }

    /// False once the connection has ended, even where calls have not yet heard of it.
    package var isOpen: Bool { multiplexer.lossError == nil }

    /// The peer's hello. Throws `unavailable` when the connection ends before it comes.
    package func established() async throws(HoldfastError) -> Hello {
        while true {
            if let greeting { return greeting }
            if let error = multiplexer.lossError { throw error }
            try await wait(.connection, .slot)
        }
    }

    /// Bytes of bulk that have arrived and wait for their readers.
    package var bufferedBytes: Int { multiplexer.bufferedBytes }

    private func read(_ group: inout DiscardingTaskGroup) async {
        do {
            while let frame = try await link.receive() {
                for action in multiplexer.received(frame, now: time.uptime) {
                    if case .handle(let stream, let name, let body) = action {
                        group.addTask { await self.serve(stream, name, body) }
                    } else {
                        perform([action])
                    }
                }
                wakeOutput()
            }
            perform(multiplexer.lost(nil))
        } catch let error as HoldfastError where error.code == .malformed {
            // Bytes that are no frames: the peer is told before the link is closed.
            perform(multiplexer.refuse(error, now: time.uptime))
            await hasWritten.wait()
        } catch {
            perform(multiplexer.lost(HoldfastError(error)))
        }
    }

    private func write() async {
        defer { hasWritten.fire() }
        do {
            while !Task.isCancelled {
                if let next = multiplexer.nextFrame() {
                    perform(next.actions)
                    try await link.send(next.frame)
                } else if multiplexer.isFinished {
                    break
                } else {
                    let waiter = Waiter()
                    output = waiter
                    await waiter.wait()
                }
            }
        } catch {
            // The reader learns why: what the link says there is told more exactly.
        }
        await link.close()
    }

    private func keepTime() async {
        while (try? await time.sleep(for: limits.tick)) != nil, !Task.isCancelled {
            let actions = multiplexer.tick(now: time.uptime)
            perform(actions)
            if actions.contains(.hangUp) { await link.close() }
        }
    }

    private func perform(_ actions: [Multiplexer.Action]) {
        for action in actions {
            switch action {
            case .established(let hello): greeting = hello
            case .wake(let stream, let interest): wake(WaitKey(stream: stream, interest: interest))
            case .wakeAll: for key in waiters.keys { wake(key) }
            case .handle, .hangUp: break
            }
        }
        wakeOutput()
    }

    private func wake(_ key: WaitKey) {
        for waiter in waiters.removeValue(forKey: key) ?? [] { waiter.fire() }
    }

    /// Wakes the writer if there is something for it to do: nobody waits for it to find out that there is not.
    private func wakeOutput() {
        guard let output, multiplexer.hasOutput || multiplexer.isFinished else { return }
        self.output = nil
        output.fire()
    }

    private func wait(_ stream: StreamID, _ interest: Multiplexer.Interest) async throws(HoldfastError) {
        let (waiter, key) = (Waiter(), WaitKey(stream: stream, interest: interest))
        waiters[key, default: []].append(waiter)
        await waiter.wait()
        waiters[key]?.removeAll { $0 === waiter }
        if waiters[key]?.isEmpty == true { waiters[key] = nil }
        if Task.isCancelled { throw HoldfastError(.cancelled, "The work was cancelled.") }
    }

    // MARK: what callers do with a stream

    func open(
        name: String, body: [UInt8], ends: Bool, discardsBulk: Bool
    ) async throws(HoldfastError) -> StreamID {
        while true {
            if Task.isCancelled { throw HoldfastError(.cancelled, "The work was cancelled.") }
            if let stream = try multiplexer.open(name: name, body: body, ends: ends, discardsBulk: discardsBulk) {
                wakeOutput()
                return stream
            }
            try await wait(.connection, .slot)
        }
    }

    enum Incoming: Sendable {
        case event([UInt8])
        case reply([UInt8])
    }

    func nextMessage(_ stream: StreamID) async throws(HoldfastError) -> Incoming {
        while true {
            switch multiplexer.takeMessage(stream) {
            case .event(let body): return .event(body)
            case .reply(let body): return .reply(body)
            case .failed(let error): throw error
            case .wait: try await wait(stream, .message)
            }
        }
    }

    /// Whether the peer has replied.
    func isAnswered(_ stream: StreamID) -> Bool { multiplexer.isAnswered(stream) }

    /// The error that the peer gave or the connection's end caused.
    func failure(of stream: StreamID) -> HoldfastError? { multiplexer.failure(of: stream) }

    func release(_ stream: StreamID) {
        perform(multiplexer.release(stream))
    }

    // MARK: bulk, of callers and handlers

    func nextBulk(_ stream: StreamID) async throws(HoldfastError) -> [UInt8]? {
        while true {
            switch multiplexer.takeBulk(stream) {
            case .bytes(let bytes):
                wakeOutput()
                return bytes
            case .end: return nil
            case .failed(let error): throw error
            case .wait: try await wait(stream, .data)
            }
        }
    }

    func discardBulk(_ stream: StreamID) {
        multiplexer.discardBulk(stream)
        wakeOutput()
    }

    /// Returns when there is room for more.
    func write(_ bytes: [UInt8], on stream: StreamID) async throws(HoldfastError) {
        if case .failed(let error) = multiplexer.roomForBulk(stream) { throw error }
        multiplexer.write(bytes, on: stream)
        wakeOutput()
        while true {
            switch multiplexer.roomForBulk(stream) {
            case .free: return
            case .failed(let error): throw error
            case .wait: try await wait(stream, .room)
            }
        }
    }

    func finishBulk(_ stream: StreamID) {
        multiplexer.finishBulk(stream)
        wakeOutput()
    }

    // MARK: what handlers do with a stream

    func sendEvent(_ body: [UInt8], on stream: StreamID) async throws(HoldfastError) {
        while true {
            switch multiplexer.roomForEvent(stream) {
            case .free:
                multiplexer.sendEvent(body, on: stream)
                wakeOutput()
                return
            case .failed(let error): throw error
            case .wait: try await wait(stream, .room)
            }
        }
    }

    private func answer(_ stream: StreamID, _ outcome: Result<[UInt8], HoldfastError>) {
        multiplexer.answer(stream, outcome)
        wakeOutput()
    }

    private func cancellation(of stream: StreamID) async {
        while !multiplexer.isCancelled(stream), multiplexer.lossError == nil, !Task.isCancelled {
            try? await wait(stream, .cancellation)
        }
    }

    /// Runs the handler of one message and answers it; a cancel of the caller cancels the handler's task.
    private nonisolated func serve(_ stream: StreamID, _ name: String, _ body: [UInt8]) async {
        let handler: Handlers.Handler
        do { handler = try handlers.handler(of: name, for: peer) } catch {
            await answer(stream, .failure(error))
            return
        }
        let outcome = await withTaskGroup(of: Result<[UInt8], HoldfastError>?.self) { group in
            group.addTask {
                do {
                    return .success(try await handler(body, self, stream))
                } catch {
                    return .failure(HoldfastError(error))
                }
            }
            group.addTask {
                await self.cancellation(of: stream)
                return nil
            }
            var outcome = await group.next() ?? nil
            group.cancelAll()
            if outcome == nil { outcome = await group.next() ?? nil }
            return outcome ?? .failure(HoldfastError(.internal, "The handler of \(name) gave no answer."))
        }
        await answer(stream, outcome)
    }
}

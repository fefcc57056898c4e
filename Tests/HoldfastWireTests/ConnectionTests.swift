import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

/// Runs both ends of a connection over memory for as long as `body` takes.
func withConnections(
    handlers: Handlers = TestHandlers.make(), peer: Peer = .operator("test"),
    limits: ConnectionLimits = ConnectionLimits(), wrap: (MemoryLink) -> any Link = { $0 },
    _ body: (_ dialer: Connection, _ listener: Connection) async throws -> Void
) async throws {
    let ends = MemoryLink.pair(dialer: peer)
    let dialer = Connection(link: wrap(ends.dialer), side: .dialer, limits: limits, time: WireTestTime())
    let listener = Connection(
        link: ends.listener, side: .listener, handlers: handlers, limits: limits, time: WireTestTime())
    try await withThrowingDiscardingTaskGroup { group in
        group.addTask { try? await dialer.run() }
        group.addTask { try? await listener.run() }
        do {
            try await body(dialer, listener)
            group.cancelAll()
        } catch {
            group.cancelAll()
            throw error
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test func aMessageGetsItsReplyAndItsEvents() async throws {
        try await withConnections { dialer, _ in
            var numbers: [Int] = []
            let reply = try await dialer.call(Echo(text: "hé", events: 3)) { numbers.append($0.number) }
            #expect(reply.text == "hé")
            #expect(numbers == [0, 1, 2])
            #expect(try await dialer.established().purpose == .control)
        }
    }

    @Test func bulkGoesOut() async throws {
        try await withConnections { dialer, _ in
            let reply = try await dialer.call(Count()) { writer in
                for _ in 0..<50 { try await writer.write([UInt8](repeating: 1, count: 123_457)) }
            }
            #expect(reply.bytes == 50 * 123_457)
        }
    }

    @Test func bulkComesIn() async throws {
        try await withConnections { dialer, _ in
            let (_, bytes) = try await dialer.call(
                Pour(bytes: 3_000_001), receiving: { try await $0.collect(upTo: 4_000_000) })
            #expect(bytes.count == 3_000_001 && bytes.allSatisfy { $0 == 7 })
        }
    }

    @Test func bulkGoesBothWaysAtOnce() async throws {
        var random = SeededBytes(state: 7)
        let sent = random.bytes(3_000_000)
        try await withConnections { dialer, _ in
            let (_, came) = try await dialer.call(
                Mirror(), sending: { try await $0.write(sent) }, receiving: { try await $0.collect(upTo: 4_000_000) })
            #expect(came == sent)
        }
    }

    @Test func bulkCanBeRecords() async throws {
        try await withConnections { dialer, _ in
            let (_, count) = try await dialer.call(Mirror()) { writer in
                for _ in 0..<1000 { try await writer.write([UInt8](repeating: 3, count: 32)) }
            } receiving: { reader in
                var count = 0
                for try await record in reader.records(of: 32) { count += record.count == 32 ? 1 : 0 }
                return count
            }
            #expect(count == 1000)
            await #expect(throws: HoldfastError.self) {
                _ = try await dialer.call(Pour(bytes: 33)) { reader in
                    for try await _ in reader.records(of: 32) {}
                }
            }
        }
    }

    @Test func bulkThatNobodyReadsStopsNothing() async throws {
        try await withConnections { dialer, _ in
            #expect(try await dialer.call(Pour(bytes: 20_000_000)) == Done())
            let (_, first) = try await dialer.call(Pour(bytes: 20_000_000), receiving: { try await $0.next() })
            #expect(first?.isEmpty == false)
        }
    }

    @Test func aSlowReaderStopsTheSender() async throws {
        var handlers = Handlers()
        let gate = Waiter()
        let most = Tally()
        handlers.on(Count.self, allow: [.operator]) { _, context in
            await gate.wait()
            var bytes = 0
            while let piece = try await context.bulkIn.next() {
                bytes += piece.count
                let buffered = await context.connection.bufferedBytes
                most.raise(to: buffered)
            }
            return .init(bytes: bytes)
        }
        var limits = ConnectionLimits()
        limits.window = 300_000
        let written = Tally()
        try await withConnections(handlers: handlers, limits: limits) { dialer, listener in
            async let reply = dialer.call(Count()) { writer in
                for _ in 0..<100 {
                    try await writer.write([UInt8](repeating: 1, count: 100_000))
                    written.add(100_000)
                }
            }
            // Until the window is full nothing but waiting helps; the sender then stands still.
            while await listener.bufferedBytes < 300_000 { await Task.yield() }
            for _ in 0..<1000 { await Task.yield() }
            #expect(await listener.bufferedBytes == 300_000)
            #expect(written.current <= 300_000 + limits.unsent + 100_000)
            gate.fire()
            let last = try await reply.bytes
            #expect(last == 10_000_000)
            #expect(most.current <= 300_000)
        }
    }

    @Test func controlOvertakesBulk() async throws {
        try await withConnections { dialer, _ in
            let isPouring = Waiter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try? await dialer.call(Count()) { writer in
                        while !Task.isCancelled {
                            try await writer.write([UInt8](repeating: 1, count: 1 << 20))
                            isPouring.fire()
                        }
                    }
                }
                await isPouring.wait()
                for _ in 0..<20 {
                    let reply = try await dialer.call(Echo(text: "a"))
                    #expect(reply.text == "a")
                }
                group.cancelAll()
            }
        }
    }

    @Test func errorsCrossWithCodeAndRetryClass() async throws {
        try await withConnections { dialer, _ in
            let error = await #expect(throws: HoldfastError.self) { try await dialer.call(Refuse()) }
            #expect(error == HoldfastError(.corrupt, "This copy is spoilt.", context: ["object": "abc"]))
            #expect(error?.retryClass == .elsewhere)
            let early = await #expect(throws: HoldfastError.self) {
                try await dialer.call(Refuse()) { writer in
                    while true { try await writer.write([UInt8](repeating: 1, count: 100_000)) }
                }
            }
            #expect(early?.code == .corrupt, "the handler's error, not what it did to the writer")
        }
    }

    @Test func anUnknownMessageIsUnsupportedAndNothingElse() async throws {
        try await withConnections(handlers: Handlers()) { dialer, _ in
            for _ in 0..<200 {
                let error = await #expect(throws: HoldfastError.self) { try await dialer.call(Echo(text: "a")) }
                #expect(error?.code == .unsupported)
            }
        }
    }

    @Test(arguments: [
        Peer.anonymous, .node(NodeID("0123456789ab") ?? NodeID(at: WireTestTime().now, entropy: FixedEntropy())),
    ])
    func whoMayNotIsRefused(_ peer: Peer) async throws {
        var handlers = Handlers()
        handlers.on(Echo.self, allow: [.operator]) { message, _ in .init(text: message.text) }
        try await withConnections(handlers: handlers, peer: peer) { dialer, _ in
            let error = await #expect(throws: HoldfastError.self) { try await dialer.call(Echo(text: "a")) }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test func whatIsTooLargeIsNotSent() async throws {
        try await withConnections { dialer, _ in
            let text = String(repeating: "x", count: 65_536)
            let error = await #expect(throws: HoldfastError.self) { try await dialer.call(Echo(text: text)) }
            #expect(error?.code == .tooLarge)
            let last = try await dialer.call(Echo(text: String(text.dropLast(100)))).text.utf8.count
            #expect(last == 65_436)
        }
    }

    @Test func cancellingTheCallCancelsTheHandler() async throws {
        let (started, ended) = (Waiter(), Waiter())
        var handlers = TestHandlers.make()
        handlers.on(Knock.self, allow: [.operator]) { _, _ in
            started.fire()
            await Waiter().wait()
            ended.fire()
            throw CancellationError()
        }
        try await withConnections(handlers: handlers) { dialer, _ in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    let error = await #expect(throws: HoldfastError.self) { try await dialer.call(Knock()) }
                    #expect(error?.code == .cancelled)
                }
                await started.wait()
                group.cancelAll()
            }
            await ended.wait()
            let last = try await dialer.call(Echo(text: "still here")).text
            #expect(last == "still here")
        }
    }

    private struct Knock: Message {
        static let name = "knock"
        typealias Reply = Done
    }

    @Test func manyCallsShareTheStreams() async throws {
        var limits = ConnectionLimits()
        limits.maximumStreams = 4
        try await withConnections(limits: limits) { dialer, _ in
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<100 { group.addTask { try await dialer.call(Echo(text: "\(number)")).text } }
                var replies: Set<String> = []
                for try await reply in group { replies.insert(reply) }
                #expect(replies.count == 100)
            }
        }
    }

    @Test func theListenerCanCallToo() async throws {
        let ends = MemoryLink.pair(dialer: .operator("x"), listener: .coordinator)
        let dialer = Connection(
            link: ends.dialer, side: .dialer, handlers: TestHandlers.make(), time: WireTestTime())
        let listener = Connection(link: ends.listener, side: .listener, time: WireTestTime())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await dialer.run() }
            group.addTask { try await listener.run() }
            #expect(try await listener.call(Echo(text: "down")).text == "down")
            await listener.close()
            try await group.waitForAll()
        }
    }

    @Test func losingTheLinkFailsPendingCalls() async throws {
        let ends = MemoryLink.pair(dialer: .operator("x"))
        let dialer = Connection(link: ends.dialer, side: .dialer, time: WireTestTime())
        let started = Waiter()
        var handlers = Handlers()
        handlers.on(Knock.self, allow: [.operator]) { _, _ in
            started.fire()
            await Waiter().wait()
            throw CancellationError()
        }
        let listener = Connection(link: ends.listener, side: .listener, handlers: handlers, time: WireTestTime())
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await #expect(throws: HoldfastError.self) { try await dialer.run() } }
            group.addTask { await #expect(throws: HoldfastError.self) { try await listener.run() } }
            group.addTask {
                let error = await #expect(throws: HoldfastError.self) { try await dialer.call(Knock()) }
                #expect(error?.code == .unavailable)
            }
            await started.wait()
            ends.dialer.cut()
        }
        let error = await #expect(throws: HoldfastError.self) { try await dialer.call(Knock()) }
        #expect(error?.code == .unavailable, "after the end as well")
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func aLossyLinkEndsEveryCallSomehow(_ seed: UInt64) async throws {
        try await withConnections(wrap: { LossyLink($0, seed: seed, upTo: 30) }) { dialer, _ in
            for round in 0..<20 {
                do {
                    let reply = try await dialer.call(Count()) { writer in
                        for _ in 0..<4 { try await writer.write([UInt8](repeating: 1, count: 200_000)) }
                    }
                    #expect(reply.bytes == 800_000, "seed \(seed)")
                } catch let error as HoldfastError {
                    #expect(error.code == .unavailable, "seed \(seed), round \(round): \(error)")
                }
            }
        }
    }

    @Test func aPeerThatBreaksTheRulesIsToldSo() async throws {
        let ends = MemoryLink.pair(dialer: .operator("x"))
        let listener = Connection(link: ends.listener, side: .listener, time: WireTestTime())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let error = await #expect(throws: HoldfastError.self) { try await listener.run() }
                #expect(error?.code == .malformed)
            }
            try await ends.dialer.send(.hello(Hello(window: 1, maximumStreams: 1)))
            try await ends.dialer.send(.end(StreamID(9)))
            var last: Frame?
            while let frame = try await ends.dialer.receive() { last = frame }
            guard case .error(.connection, let error) = last else {
                Issue.record("no error frame but \(String(describing: last))")
                return
            }
            #expect(error.code == .malformed)
            try await group.waitForAll()
        }
    }

    @Test func bytesThatAreNoFramesAreAnsweredWithAnError() async throws {
        let ends = MemoryLink.pair(dialer: .operator("x"))
        let listener = Connection(
            link: BabblingLink(link: ends.listener), side: .listener, time: WireTestTime())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let error = await #expect(throws: HoldfastError.self) { try await listener.run() }
                #expect(error?.code == .malformed)
            }
            var last: Frame?
            while let frame = try await ends.dialer.receive() { last = frame }
            #expect(last == .error(.connection, BabblingLink.error))
            try await group.waitForAll()
        }
    }

    private struct BabblingLink: Link {
        static let error = HoldfastError(.malformed, "Frame type 99 is not known.")

        let link: MemoryLink
        var peer: Peer { link.peer }

        func send(_ frame: Frame) async throws { try await link.send(frame) }
        func receive() async throws -> Frame? { throw Self.error }
        func close() async { await link.close() }
    }

    @Test func aPeerThatSaysNothingIsLeft() async throws {
        var limits = ConnectionLimits()
        limits.greeting = .milliseconds(20)
        limits.tick = .milliseconds(5)
        let ends = MemoryLink.pair(dialer: .operator("x"))
        let listener = Connection(link: ends.listener, side: .listener, limits: limits, time: WireTestTime())
        let error = await #expect(throws: HoldfastError.self) { try await listener.run() }
        #expect(error?.code == .timedOut)
    }

    @Test func closingLetsTheLastAnswerThrough() async throws {
        let (started, gate) = (Waiter(), Waiter())
        var handlers = Handlers()
        handlers.on(Knock.self, allow: [.operator]) { _, _ in
            started.fire()
            await gate.wait()
            return Done()
        }
        let ends = MemoryLink.pair(dialer: .operator("x"))
        let dialer = Connection(link: ends.dialer, side: .dialer, time: WireTestTime())
        let listener = Connection(link: ends.listener, side: .listener, handlers: handlers, time: WireTestTime())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await dialer.run() }
            group.addTask { try await listener.run() }
            group.addTask {
                let reply = try await dialer.call(Knock())
                #expect(reply == Done())
            }
            await started.wait()
            group.addTask { await listener.close() }
            group.addTask {
                // Refused from the moment the goodbye is known, on either side of the road.
                while true {
                    do { _ = try await dialer.call(Refuse()) } catch let error as HoldfastError {
                        if error.code == .unavailable { break }
                    }
                    await Task.yield()
                }
                gate.fire()
            }
            try await group.waitForAll()
        }
    }

    @Test func nodesComeAndGo() async throws {
        let nodes = NodeConnections()
        let id = NodeID(at: WireTestTime().now, entropy: FixedEntropy())
        let error = await #expect(throws: HoldfastError.self) { try await nodes.call(id, Echo(text: "a")) }
        #expect(error?.code == .unavailable)
        var changes = await nodes.changes().makeAsyncIterator()
        try await withConnections { dialer, _ in
            #expect(await nodes.add(id, dialer) == nil)
            try await nodes.waitForNodes(1)
            #expect(await nodes.connected() == [id])
            #expect(try await nodes.call(id, Echo(text: "a")).text == "a")
            await nodes.remove(id, dialer)
            #expect(await nodes.connected() == [])
        }
        #expect(await changes.next() == .connected(id))
        #expect(await changes.next() == .disconnected(id))
    }
}

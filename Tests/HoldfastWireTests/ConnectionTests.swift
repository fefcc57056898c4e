import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    @Test func aMessageGetsItsReplyAndItsEvents() async throws {
        try await withConnections { dialer, _ in
            var numbers: [Int] = []
            let reply = try await dialer.call(Echo(text: "hé", events: 3)) { numbers.append($0.number) }
            #expect(reply.text == "hé")
            #expect(numbers == [0, 1, 2])
            #expect(try await dialer.established().purpose == .control)
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

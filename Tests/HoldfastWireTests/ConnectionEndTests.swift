import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

/// How connections end: in order, by loss, and by what a peer does wrong.
@Suite(.timeLimit(.minutes(5))) struct ConnectionEndTests {
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
}

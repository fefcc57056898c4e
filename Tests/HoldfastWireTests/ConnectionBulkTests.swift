import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConnectionBulkTests {
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
}

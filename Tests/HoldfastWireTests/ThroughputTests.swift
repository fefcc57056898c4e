import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

/// Measures and prints; a slow machine is no failure.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ThroughputTests {
    @Test(arguments: [1, 4]) func bulkOverLoopbackTLS(_ streams: Int) async throws {
        let time = WireTestTime()
        let certificates = try ThrowawayCA(now: time.now)
        let mebibytes = 64
        try await withListener(certificates) { port in
            let link = try await WireDialer.connect(
                host: "127.0.0.1", port: port, identity: certificates.operator("ann"), trust: certificates.trust,
                expecting: .coordinator)
            try await withConnection(over: link) { connection in
                let start = time.uptime
                let bytes = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<streams {
                        group.addTask {
                            try await connection.call(Count()) { writer in
                                let piece = [UInt8](repeating: 1, count: 256 << 10)
                                for _ in 0..<(mebibytes * 4 / streams) { try await writer.write(piece) }
                            }.bytes
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(bytes == mebibytes << 20)
                let seconds =
                    Double((time.uptime - start).components.attoseconds) / 1e18
                    + Double((time.uptime - start).components.seconds)
                print("throughput: \(streams) streams, \(Int(Double(mebibytes) / seconds)) MiB/s over loopback TLS")
            }
        }
    }
}

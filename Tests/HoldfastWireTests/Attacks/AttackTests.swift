import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

/// A peer with a certificate, over TLS, that breaks the rules: its connection ends with an error that says why, at once,
/// and another peer's calls are answered all the while.
@Suite(.timeLimit(.minutes(5))) struct AttackTests {
    private let time = WireTestTime()

    private static let hello = FrameEncoder.bytes(of: .hello(Hello(window: 1 << 20, maximumStreams: 64)))

    private static func open(_ id: UInt32, _ name: String = "hang", _ body: String = "{}") -> [UInt8] {
        FrameEncoder.bytes(of: .open(StreamID(id), name: name, body: Array(body.utf8), ends: false))
    }

    private static func header(_ type: UInt8, _ stream: UInt8, length: [UInt8]) -> [UInt8] {
        [type, 0, 0, 0, 0, 0, 0, stream] + length
    }

    private static let attacks: [(String, [UInt8])] = [
        ("data of 4 GiB", open(1) + header(4, 1, length: [255, 255, 255, 255])),
        ("data of 256 KiB and a byte", open(1) + header(4, 1, length: [0, 4, 0, 1])),
        ("a message of 64 KiB and a byte", open(1, "echo", String(repeating: " ", count: 65_537))),
        (
            "more bulk than its credit",
            open(1)
                + (0..<5).flatMap { _ in
                    FrameEncoder.bytes(of: .data(StreamID(1), [UInt8](repeating: 1, count: 262_144), ends: false))
                }
        ),
        ("sixty-five streams", (0..<65).flatMap { open(UInt32(2 * $0 + 1)) }),
        ("a stream twice", open(1) + open(1)),
        ("streams that go down", open(5) + open(3)),
        ("the listener's stream", open(2)),
        ("the last stream and one more", open(0xffff_fffd) + open(0xffff_ffff) + open(1)),
        ("a cancel of a stream never opened", FrameEncoder.bytes(of: .cancel(StreamID(99)))),
        ("a reply nobody asked for", FrameEncoder.bytes(of: .reply(StreamID(2), [0x7b, 0x7d]))),
        (
            "credit without end",
            open(1) + (0..<2).flatMap { _ in FrameEncoder.bytes(of: .credit(StreamID(1), 0x7fff_ffff)) }
        ),
        (
            "bulk after its end",
            open(1) + FrameEncoder.bytes(of: .end(StreamID(1))) + FrameEncoder.bytes(of: .end(StreamID(1)))
        ),
        ("a second hello", hello),
    ]

    /// The other peer, which is nobody's business.
    private func other(_ port: Int, _ certificates: ThrowawayCA, _ body: (Connection) async throws -> Void) async throws
    {
        let link = try await WireDialer.connect(
            host: "127.0.0.1", port: port, identity: certificates.operator("ann"), trust: certificates.trust,
            expecting: .coordinator)
        try await withConnection(over: link, body)
    }

    @Test func whatBreaksTheRulesIsToldAndSentAway() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let eve = try certificates.operator("eve")
        try await withListener(certificates) { port in
            try await other(port, certificates) { connection async throws in
                for (what, bytes) in Self.attacks {
                    let peer = try await RawWirePeer.dial(port, eve, certificates.trust)
                    try await peer.send(Self.hello)
                    // The answer may come, and the connection end, before all is sent.
                    try? await peer.send(bytes)
                    guard case .error(.connection, let error) = try await peer.frames().last else {
                        Issue.record("\(what): the connection ended without an error")
                        continue
                    }
                    #expect(error.code == .malformed, "\(what): \(error)")
                    #expect(try await connection.call(Echo(text: what)).text == what)
                }
            }
        }
    }

    /// JSON of ten thousand arrays within each other fails its message, and nothing else.
    @Test(arguments: ["[", #"{"text":"#, #"{"text":"a","more":["#]) func deepJSONFailsItsMessageOnly(_ piece: String)
        async throws
    {
        let certificates = try ThrowawayCA(now: time.now)
        let eve = try certificates.operator("eve")
        try await withListener(certificates) { port in
            let body = String(String(repeating: piece, count: 10_000).prefix(65_000))
            let peer = try await RawWirePeer.dial(port, eve, certificates.trust)
            try await peer.send(
                Self.hello + Self.open(1, "echo", body) + Self.open(3, "echo", #"{"text":"b","events":0}"#))
            let reply = Frame.reply(StreamID(3), Array(#"{"text":"b"}"#.utf8))
            let frames = try await peer.frames(until: { $0 == reply })
            guard
                case .error(StreamID(1), let error) = frames.first(where: {
                    if case .error = $0 { true } else { false }
                })
            else {
                Issue.record("no error but \(frames)")
                return
            }
            #expect(error.code == .malformed)
            #expect(frames.contains(reply))
        }
    }

    @Test func bytesBeneathTLSEndTheConnectionOnly() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let eve = try certificates.operator("eve")
        var random = SeededBytes(state: 9)
        try await withListener(certificates) { port in
            try await other(port, certificates) { connection async throws in
                // A new handshake, an alert, application data with a wrong tag, and noise.
                for start in [[22, 3, 3, 0, 100], [21, 3, 3, 0, 2, 2, 100], [23, 3, 3, 0, 60], []] as [[UInt8]] {
                    let peer = try await RawWirePeer.dial(port, eve, certificates.trust)
                    try await peer.send(Self.hello)
                    try await peer.sendBeneathTLS(start + random.bytes(200))
                    _ = try await peer.frames()
                    #expect(try await connection.call(Echo(text: "well")).text == "well")
                }
            }
        }
    }

    /// Half a header, and then nothing; and a peer that asks for bulk and reads none of it.
    @Test func whoFallsSilentOrDoesNotReadIsLeft() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let eve = try certificates.operator("eve")
        var limits = ConnectionLimits()
        // They hold for the honest connection, too, which may be slow to answer.
        (limits.idle, limits.gone, limits.tick) = (.seconds(1), .seconds(5), .milliseconds(20))
        try await withListener(certificates, limits: limits) { port in
            let slow = try await RawWirePeer.dial(port, eve, certificates.trust)
            try await slow.send(Self.hello + Self.header(4, 1, length: [0, 0]))
            // Ended by the other side, be it in the middle of what we send.
            _ = try? await slow.frames()
            let deaf = try await RawWirePeer.dial(port, eve, certificates.trust, reads: false)
            let greedy = FrameEncoder.bytes(of: .hello(Hello(window: 0x7fff_ffff, maximumStreams: 64)))
            try await deaf.send(greedy + Self.open(1, "pour", #"{"bytes":2000000000}"#))
            try await other(port, certificates) { connection async throws in
                #expect(try await connection.call(Echo(text: "well")).text == "well")
            }
            // What it did not read is all it could have: the handler was stopped long before the two gigabytes.
            _ = try? await deaf.send([UInt8](repeating: 0, count: 100))
            deaf.hangUp()
        }
    }

    /// An anonymous peer may join and nothing else: holding its connection open with pings keeps nobody out.
    @Test func strangersGiveWayToOthers() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        var limits = WireListener.Limits()
        (limits.strangers.total, limits.strangers.perAddress) = (8, 8)
        try await withListener(certificates, listening: limits) { port in
            var links: [any Link] = []
            for _ in 0..<20 {
                links.append(
                    try await WireDialer.connect(
                        host: "127.0.0.1", port: port, identity: nil, trust: certificates.trust, expecting: .coordinator
                    ))
            }
            let silent = try await RawSocket.crowd(200, port: port)
            // While more are still coming from the same address, one that has said nothing yet may be among those that go.
            try await RawSocket.untilOpen(atMost: 8, of: silent)
            try await other(port, certificates) { connection async throws in
                #expect(try await connection.call(Echo(text: "well")).text == "well")
                // A peer that is known is no stranger, however many of those come.
                let more = try await RawSocket.crowd(200, port: port)
                #expect(try await connection.call(Echo(text: "still")).text == "still")
                try await RawSocket.untilOpen(atMost: 8, of: more)
            }
            for link in links { await link.close() }
        }
    }
}

import HoldfastModel

@testable import HoldfastWire

extension HostileInput {
    static var wire: [HostileInput] {
        [
            HostileInput("frames", seeds: WireSamples.frameSeeds, readFrames),
            HostileInput("connection", seeds: WireSamples.frameSeeds) { try converse($0) },
            HostileInput("messages", seeds: WireSamples.messages) { bytes in
                var parts = Parts(bytes)
                let readers = WireSamples.readers
                try readers[Int(parts.byte()) % readers.count](parts.all())
            },
            HostileInput("join-token", seeds: [WireSamples.joinToken]) { bytes in
                let token = try JoinToken(Secret(String(decoding: bytes, as: UTF8.self)))
                try hold(try JoinToken(token.text) == token, "another token")
            },
            HostileInput("certificate-request", seeds: WireSamples.requests) { bytes in
                _ = try CertificateRequest.publicKey(in: String(decoding: bytes, as: UTF8.self))
            },
            HostileInput("certificate", seeds: WireSamples.certificates) { bytes in
                _ = try CertificateRole(certificate: bytes)
            },
        ]
    }

    /// However the bytes are cut into pieces, the frames are the same, and written again they are the same bytes.
    private static func readFrames(_ bytes: [UInt8]) throws {
        var parts = Parts(bytes)
        let piece = 1 + Int(parts.byte())
        let stream = WireSamples.hello + parts.all()
        var (whole, cut) = (FrameDecoder(), FrameDecoder())
        var (atOnce, inPieces): ([Frame], [Frame]) = ([], [])
        let first = Result { try stream.withUnsafeBytes { try whole.decode($0, into: &atOnce) } }
        let second = Result {
            for start in stride(from: 0, to: stream.count, by: piece) {
                try stream[start..<min(stream.count, start + piece)].withUnsafeBytes {
                    try cut.decode($0, into: &inPieces)
                }
            }
        }
        try hold(atOnce == inPieces, "other frames in pieces of \(piece)")
        let verdicts = [first, second].map { (try? $0.get()) == nil }
        try hold(verdicts[0] == verdicts[1], "another verdict in pieces of \(piece)")
        var again = FrameDecoder()
        let written = atOnce.flatMap { FrameEncoder.bytes(of: $0) }
        try hold(try again.decode(written) == atOnce, "other frames written again")
        _ = try first.get()
    }

    /// A peer that sends what it likes to a side that calls, answers and reads now and then.
    private static func converse(_ bytes: [UInt8]) throws {
        var parts = Parts(bytes)
        var moves = parts.byte()
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        let verdict = Result {
            try (WireSamples.hello + parts.all()).withUnsafeBytes { try decoder.decode($0, into: &frames) }
        }
        var limits = ConnectionLimits()
        (limits.window, limits.maximumStreams) = (1000, 3)
        var multiplexer = Multiplexer(side: .listener, purpose: .control, limits: limits, now: .zero)
        var ours: [StreamID] = []
        for frame in frames {
            let actions = multiplexer.received(frame, now: .zero)
            try hold(multiplexer.bufferedBytes <= 67_000, "\(multiplexer.bufferedBytes) bytes wait for readers")
            try hold(multiplexer.streams.count <= 67, "\(multiplexer.streams.count) streams are open")
            for case .handle(let id, _, _) in actions where moves & 1 == 1 {
                multiplexer.write([1, 2, 3], on: id)
                multiplexer.answer(id, moves & 2 == 2 ? .success([1]) : .failure(HoldfastError(.busy, "x")))
            }
            if ours.count < 3, let id = try? multiplexer.open(name: "a", body: [1], ends: false, discardsBulk: false) {
                ours.append(id)
                multiplexer.write([4, 5], on: id)
            }
            if let id = ours.first, moves & 4 == 4 {
                _ = multiplexer.takeMessage(id)
                _ = multiplexer.takeBulk(id)
                if moves & 8 == 8 { _ = multiplexer.release(ours.removeFirst()) }
            }
            while let next = multiplexer.nextFrame() { _ = FrameEncoder.bytes(of: next.frame) }
            moves = moves << 1 | moves >> 7
        }
        _ = multiplexer.tick(now: .seconds(100))
        _ = try verdict.get()
    }
}

import HoldfastModel

/// Frames as bytes.
package enum FrameEncoder {
    /// Header and payload in turn, so that bulk need not be copied to stand behind its header.
    ///
    /// - Precondition: what the frame holds is within `FrameLimits`.
    package static func parts(of frame: Frame) -> (head: [UInt8], body: [UInt8]) {
        switch frame {
        case .hello(let hello): whole(.hello, .connection, payload(of: hello))
        case .open(let stream, let name, let body, let ends):
            (
                FrameHeader(.open, stream, length: 1 + name.utf8.count + body.count, ends: ends).bytes
                    + [UInt8(name.utf8.count)] + Array(name.utf8),
                body
            )
        case .event(let stream, let body): whole(.event, stream, body)
        case .data(let stream, let bytes, let ends):
            (FrameHeader(.data, stream, length: bytes.count, ends: ends).bytes, bytes)
        case .end(let stream): whole(.end, stream, [])
        case .credit(let stream, let bytes): whole(.credit, stream, bytes.bigEndianBytes)
        case .reply(let stream, let body): whole(.reply, stream, body)
        case .error(let stream, let error): whole(.error, stream, ErrorPayload.bytes(of: error))
        case .cancel(let stream): whole(.cancel, stream, [])
        case .ping(let number): whole(.ping, .connection, number.bigEndianBytes)
        case .pong(let number): whole(.pong, .connection, number.bigEndianBytes)
        case .goodbye: whole(.goodbye, .connection, [])
        }
    }

    package static func bytes(of frame: Frame) -> [UInt8] {
        let (head, body) = parts(of: frame)
        return head + body
    }

    private static func whole(_ type: FrameType, _ stream: StreamID, _ payload: [UInt8]) -> ([UInt8], [UInt8]) {
        precondition(type.lengths.contains(payload.count), "a \(type) frame can't hold \(payload.count) bytes")
        return (FrameHeader(type, stream, length: payload.count).bytes, payload)
    }

    private static func payload(of hello: Hello) -> [UInt8] {
        Hello.magic + hello.version.bigEndianBytes + [hello.purpose.rawValue, 0] + hello.window.bigEndianBytes
            + hello.maximumStreams.bigEndianBytes
    }
}

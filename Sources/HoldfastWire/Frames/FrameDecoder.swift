package import HoldfastModel

/// Bytes as frames, in whatever pieces they come. The first thing that is wrong ends it for good.
package struct FrameDecoder: Sendable {
    private var head: [UInt8] = []
    private var header: FrameHeader?
    private var payload: [UInt8] = []
    private var hasGreeted = false
    private var failure: HoldfastError?

    package init() {
        head.reserveCapacity(FrameHeader.size)
    }

    /// False when the bytes so far end within a frame.
    package var isBetweenFrames: Bool { head.isEmpty && header == nil }

    /// Appends the frames that `bytes` complete to `frames`, also those before an error. Throws `malformed`.
    package mutating func decode(
        _ bytes: UnsafeRawBufferPointer, into frames: inout [Frame]
    ) throws(HoldfastError) {
        if let failure { throw failure }
        do throws(HoldfastError) {
            var rest = bytes[...]
            while true {
                if header == nil { try takeHeader(&rest) }
                guard let known = header else { return }
                let taken = rest.prefix(known.length - payload.count)
                payload.append(contentsOf: UnsafeRawBufferPointer(rebasing: taken))
                rest = rest.dropFirst(taken.count)
                guard payload.count == known.length else { return }
                frames.append(try Self.frame(known, payload))
                header = nil
                payload = []
            }
        } catch {
            failure = error
            payload = []
            throw error
        }
    }

    /// The same for an array.
    package mutating func decode(_ bytes: [UInt8]) throws(HoldfastError) -> [Frame] {
        var frames: [Frame] = []
        let outcome = bytes.withUnsafeBytes { raw -> Result<Void, HoldfastError> in
            Result { () throws(HoldfastError) in try decode(raw, into: &frames) }
        }
        try outcome.get()
        return frames
    }

    /// Space for a payload is set aside only here, after its length was found to be allowed.
    private mutating func takeHeader(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(HoldfastError) {
        let taken = rest.prefix(FrameHeader.size - head.count)
        head.append(contentsOf: taken)
        rest = rest.dropFirst(taken.count)
        guard head.count == FrameHeader.size else { return }
        let complete = try FrameHeader(head)
        head.removeAll(keepingCapacity: true)
        guard (complete.type == .hello) != hasGreeted else {
            throw HoldfastError(
                .malformed,
                hasGreeted ? "A second hello." : "The first frame is not a hello: this is no Holdfast peer.")
        }
        hasGreeted = true
        payload.reserveCapacity(complete.length)
        header = complete
    }

    private static func frame(_ header: FrameHeader, _ payload: [UInt8]) throws(HoldfastError) -> Frame {
        switch header.type {
        case .hello: .hello(try hello(payload))
        case .open: try open(header, payload)
        case .event: .event(header.stream, payload)
        case .data: .data(header.stream, payload, ends: header.ends)
        case .end: .end(header.stream)
        case .credit: .credit(header.stream, try credit(payload))
        case .reply: .reply(header.stream, payload)
        case .error: .error(header.stream, try ErrorPayload.error(payload))
        case .cancel: .cancel(header.stream)
        case .ping: .ping(UInt64(bigEndian: payload[...]))
        case .pong: .pong(UInt64(bigEndian: payload[...]))
        case .goodbye: .goodbye
        }
    }

    private static func hello(_ payload: [UInt8]) throws(HoldfastError) -> Hello {
        guard payload.starts(with: Hello.magic) else {
            throw HoldfastError(.malformed, "The hello lacks the magic: this is no Holdfast peer.")
        }
        let version = UInt16(bigEndian: payload[8..<10])
        // Of a version that isn't ours only the number is read, so that the refusal can name it.
        guard version == Hello.currentVersion else { return Hello(version: version, window: 0, maximumStreams: 0) }
        guard payload.count == 20, let purpose = Hello.Purpose(rawValue: payload[10]), payload[11] == 0 else {
            throw HoldfastError(.malformed, "The hello is not as version 1 has it.")
        }
        return Hello(
            version: version, purpose: purpose, window: UInt32(bigEndian: payload[12..<16]),
            maximumStreams: UInt32(bigEndian: payload[16..<20]))
    }

    private static func open(_ header: FrameHeader, _ payload: [UInt8]) throws(HoldfastError) -> Frame {
        let (nameEnd, limit) = (1 + Int(payload[0]), FrameLimits.messageName)
        guard (1...limit).contains(Int(payload[0])), nameEnd < payload.count,
            payload.count - nameEnd <= FrameLimits.body,
            let name = String(validating: payload[1..<nameEnd], as: UTF8.self)
        else { throw HoldfastError(.malformed, "An open frame whose name or body is empty, too long or not text.") }
        return .open(header.stream, name: name, body: Array(payload[nameEnd...]), ends: header.ends)
    }

    private static func credit(_ payload: [UInt8]) throws(HoldfastError) -> UInt32 {
        let bytes = UInt32(bigEndian: payload[...])
        guard bytes > 0 else { throw HoldfastError(.malformed, "A credit of nothing.") }
        return bytes
    }
}

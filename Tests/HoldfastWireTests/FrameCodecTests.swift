import HoldfastModel
import HoldfastWire
import Testing

@Suite struct FrameCodecTests {
    static let hello = Frame.hello(Hello(purpose: .bulk, window: 1 << 20, maximumStreams: 64))
    static let all: [Frame] = [
        hello, .open(StreamID(1), name: "put-object", body: Array(#"{"a":1}"#.utf8), ends: true),
        .open(StreamID(3), name: "x", body: [0x31], ends: false), .event(StreamID(1), Array("{}".utf8)),
        .data(StreamID(3), [1, 2, 3], ends: false), .data(StreamID(3), [4], ends: true), .end(StreamID(5)),
        .credit(StreamID(3), 262_144), .reply(StreamID(1), Array("{}".utf8)),
        .error(StreamID(3), HoldfastError(.noSpace, "The disk is full.", context: ["node": "n1"])),
        .error(.connection, HoldfastError(.malformed, "No.")), .cancel(StreamID(7)), .ping(0x0102_0304_0506_0708),
        .pong(9), .goodbye,
    ]

    static var bytes: [UInt8] { all.flatMap { FrameEncoder.bytes(of: $0) } }

    @Test func theHeaderHasTwelveBytes() {
        #expect(FrameEncoder.bytes(of: .goodbye).count == 12)
        #expect(FrameEncoder.bytes(of: .end(StreamID(1))).count == 12)
    }

    @Test func goldenBytes() {
        #expect(
            FrameEncoder.bytes(of: Self.hello).hexadecimal
                == "010000000000000000000014" + "484f4c4446415354" + "0001" + "01" + "00" + "00100000" + "00000040")
        #expect(
            FrameEncoder.bytes(of: .open(StreamID(1), name: "ab", body: Array("{}".utf8), ends: true)).hexadecimal
                == "020100000000000100000005" + "02" + "6162" + "7b7d")
        #expect(
            FrameEncoder.bytes(of: .data(StreamID(258), [255], ends: false)).hexadecimal
                == "040000000000010200000001" + "ff")
        #expect(FrameEncoder.bytes(of: .credit(StreamID(2), 5)).hexadecimal == "06000000000000020000000400000005")
        let error = FrameEncoder.bytes(of: .error(StreamID(1), HoldfastError(.deposed, "x")))
        #expect(error[12..<16].hexadecimal == "00090200")
        #expect(
            String(decoding: error[16...], as: UTF8.self) == #"{"code":"deposed","context":{},"message":"x"}"#)
    }

    @Test func comesBackAsItWas() throws {
        var decoder = FrameDecoder()
        #expect(try decoder.decode(Self.bytes) == Self.all)
        #expect(decoder.isBetweenFrames)
    }

    @Test func worksUnderEverySplit() throws {
        let bytes = Self.bytes
        for split in 0...bytes.count {
            var decoder = FrameDecoder()
            let frames = try decoder.decode(Array(bytes[..<split])) + decoder.decode(Array(bytes[split...]))
            #expect(frames == Self.all, "split at \(split)")
        }
        var decoder = FrameDecoder()
        #expect(try bytes.flatMap { try decoder.decode([$0]) } == Self.all)
    }

    @Test func everyTruncationIsNoticed() throws {
        for frame in Self.all {
            let bytes = FrameEncoder.bytes(of: frame)
            let start = frame == Self.hello ? [] : FrameEncoder.bytes(of: Self.hello)
            for count in 1..<bytes.count {
                var decoder = FrameDecoder()
                let frames = try decoder.decode(start + bytes[..<count])
                #expect(frames == (start.isEmpty ? [] : [Self.hello]))
                #expect(!decoder.isBetweenFrames)
            }
        }
    }

    static let wrong: [(String, [UInt8])] = [
        ("unknown type", [13, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        ("type 0", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        ("reserved flag", [4, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("ends where it can't", [5, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        ("reserved byte", [4, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("data on the connection", [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ("ping on a stream", [10, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 8]),
        ("data too long", [4, 0, 0, 0, 0, 0, 0, 1, 0, 4, 0, 1]),
        ("data of 4 GiB", [4, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255]),
        ("empty data", [4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        ("event too long", [3, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1]),
        ("end with payload", [5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("credit of nothing", [6, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0]),
        ("second hello", FrameEncoder.bytes(of: FrameCodecTests.hello)),
        ("open without a name", [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 1, 1]),
        ("open without a body", [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 2, 97, 97]),
        (
            "open with a body too long",
            [2, 0, 0, 0, 0, 0, 0, 1] + withUnsafeBytes(of: UInt32(FrameLimits.body + 3).bigEndian, Array.init)
                + [1, 97] + [UInt8](repeating: 97, count: FrameLimits.body + 1)
        ),
        ("open with a name that is no text", [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 1, 255, 97]),
        ("error without JSON", [8, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 6, 0, 1, 0, 0, 97, 97]),
        ("error with an unknown retry class", [8, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 6, 0, 1, 3, 0, 123, 125]),
    ]

    @Test(arguments: wrong) func refusesWhatIsWrong(_ what: String, _ bytes: [UInt8]) throws {
        var decoder = FrameDecoder()
        #expect(try decoder.decode(FrameEncoder.bytes(of: Self.hello)) == [Self.hello])
        let error = #expect(throws: HoldfastError.self, "\(what)") { try decoder.decode(bytes) }
        #expect(error?.code == .malformed)
        #expect(throws: HoldfastError.self, "stays refused") { try decoder.decode(FrameEncoder.bytes(of: .goodbye)) }
    }

    @Test func aHelloOfAnotherProgramIsRefused() {
        var bytes = FrameEncoder.bytes(of: Self.hello)
        bytes[12] ^= 1
        var decoder = FrameDecoder()
        #expect(throws: HoldfastError.self) { try decoder.decode(bytes) }
    }

    @Test func framesBeforeAnErrorAreGiven() throws {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        let bytes =
            FrameEncoder.bytes(of: Self.hello) + FrameEncoder.bytes(of: .ping(1)) + [99]
            + [UInt8](repeating: 0, count: 11)
        #expect(throws: HoldfastError.self) {
            try bytes.withUnsafeBytes { try decoder.decode($0, into: &frames) }
        }
        #expect(frames == [Self.hello, .ping(1)])
    }

    @Test func aCodeOfALaterVersionKeepsItsRetryClass() throws {
        let json = Array(#"{"code":"moon-phase","message":"Not tonight.","more":1}"#.utf8)
        for (number, code) in [(UInt8(0), ErrorCode.internal), (1, .unavailable), (2, .notAllowedHere)] {
            var decoder = FrameDecoder()
            let frames = try decoder.decode(
                FrameEncoder.bytes(of: Self.hello) + [8, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, UInt8(json.count + 4)]
                    + [0x7f, 0xff, number, 0] + json)
            #expect(frames.last == .error(StreamID(1), HoldfastError(code, "Not tonight.")))
        }
    }

    @Test func ofAnotherVersionOnlyTheNumberIsRead() throws {
        var decoder = FrameDecoder()
        let bytes: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12] + Hello.magic + [0, 9, 77, 77]
        #expect(try decoder.decode(bytes) == [.hello(Hello(version: 9, window: 0, maximumStreams: 0))])
    }

    @Test func anErrorTooLongToCrossIsCut() throws {
        let long = HoldfastError(.corrupt, String(repeating: "x", count: 100_000), context: ["a": "b"])
        var decoder = FrameDecoder()
        let frames = try decoder.decode(
            FrameEncoder.bytes(of: Self.hello) + FrameEncoder.bytes(of: .error(StreamID(1), long)))
        guard case .error(_, let error) = frames.last else {
            Issue.record("no error frame")
            return
        }
        #expect(error.code == .corrupt && error.message.count == 2001)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func randomBytesNeverDoHarm(_ seed: UInt64) {
        var random = SeededBytes(state: seed)
        for _ in 0..<2000 {
            var decoder = FrameDecoder()
            _ = try? decoder.decode(random.bytes(Int(random.next() % 80)))
            // A valid start, then one flipped bit somewhere in a valid stream.
            var bytes = Self.bytes
            bytes[Int(random.next()) % bytes.count] ^= 1 << UInt8(random.next() % 8)
            var second = FrameDecoder()
            _ = try? second.decode(bytes)
        }
    }
}

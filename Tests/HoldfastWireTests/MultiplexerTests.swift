import HoldfastModel
import HoldfastWire
import Testing

@Suite struct MultiplexerTests {
    static var small: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.window = 1000
        limits.maximumStreams = 2
        limits.unsent = 500
        return limits
    }

    /// A multiplexer that has greeted and been greeted.
    static func open(_ side: ConnectionSide, window: UInt32 = 1000, streams: UInt32 = 2) -> Multiplexer {
        var multiplexer = Multiplexer(side: side, purpose: .control, limits: small, now: .zero)
        _ = multiplexer.nextFrame()
        _ = multiplexer.received(.hello(Hello(window: window, maximumStreams: streams)), now: .zero)
        return multiplexer
    }

    static func frames(_ multiplexer: inout Multiplexer) -> [Frame] {
        var frames: [Frame] = []
        while let next = multiplexer.nextFrame() { frames.append(next.frame) }
        return frames
    }

    @Test func saysHelloFirst() {
        var multiplexer = Multiplexer(side: .dialer, purpose: .bulk, limits: Self.small, now: .zero)
        #expect(
            Self.frames(&multiplexer) == [.hello(Hello(purpose: .bulk, window: 1000, maximumStreams: 2))])
    }

    @Test func waitsForTheHelloBeforeItOpens() throws {
        var multiplexer = Multiplexer(side: .dialer, purpose: .control, limits: Self.small, now: .zero)
        #expect(try multiplexer.open(name: "a", body: [1], ends: true, discardsBulk: true) == nil)
    }

    @Test func numbersAreOddForTheDialerAndEvenForTheListener() throws {
        for (side, first) in [(ConnectionSide.dialer, UInt32(1)), (.listener, 2)] {
            var multiplexer = Self.open(side)
            #expect(try multiplexer.open(name: "a", body: [1], ends: true, discardsBulk: true) == StreamID(first))
            #expect(try multiplexer.open(name: "a", body: [1], ends: true, discardsBulk: true) == StreamID(first + 2))
            #expect(try multiplexer.open(name: "a", body: [1], ends: true, discardsBulk: true) == nil, "two at most")
        }
    }

    static let violations: [(String, [Frame])] = [
        ("own number", [.open(StreamID(2), name: "a", body: [1], ends: true)]),
        ("number 0", [.open(StreamID(0), name: "a", body: [1], ends: true)]),
        (
            "number again",
            [
                .open(StreamID(3), name: "a", body: [1], ends: true),
                .open(StreamID(3), name: "a", body: [1], ends: true),
            ]
        ),
        (
            "number going back",
            [
                .open(StreamID(3), name: "a", body: [1], ends: true),
                .open(StreamID(1), name: "a", body: [1], ends: true),
            ]
        ),
        ("too many streams", [1, 3, 5].map { .open(StreamID($0), name: "a", body: [1], ends: true) }),
        (
            "data after the end",
            [.open(StreamID(1), name: "a", body: [1], ends: true), .data(StreamID(1), [1], ends: false)]
        ),
        (
            "end twice",
            [.open(StreamID(1), name: "a", body: [1], ends: false), .end(StreamID(1)), .end(StreamID(1))]
        ),
        (
            "more than the credit",
            [
                .open(StreamID(1), name: "a", body: [1], ends: false),
                .data(StreamID(1), [UInt8](repeating: 0, count: 1000), ends: false),
                .data(StreamID(1), [1], ends: false),
            ]
        ),
        ("data on nothing", [.data(StreamID(1), [1], ends: false)]),
        ("credit on nothing", [.credit(StreamID(1), 1)]),
        ("reply on nothing", [.reply(StreamID(2), [1])]),
        (
            "reply to its own",
            [.open(StreamID(1), name: "a", body: [1], ends: true), .reply(StreamID(1), [1])]
        ),
        (
            "event from the caller",
            [.open(StreamID(1), name: "a", body: [1], ends: true), .event(StreamID(1), [1])]
        ),
        ("cancel from the wrong side", [.cancel(StreamID(2))]),
        (
            "credit without bounds",
            [
                .open(StreamID(1), name: "a", body: [1], ends: true), .credit(StreamID(1), UInt32(Int32.max)),
                .credit(StreamID(1), 1),
            ]
        ),
        ("second hello", [.hello(Hello(window: 1, maximumStreams: 1))]),
    ]

    @Test(arguments: violations) func aViolationEndsTheConnection(_ what: String, _ frames: [Frame]) {
        var multiplexer = Self.open(.listener)
        for frame in frames { _ = multiplexer.received(frame, now: .zero) }
        #expect(multiplexer.failure?.code == .malformed, "\(what)")
        let sent = Self.frames(&multiplexer)
        #expect(sent.count == 1)
        guard case .error(.connection, let error) = sent.first else {
            Issue.record("\(what): no error frame but \(sent)")
            return
        }
        #expect(error.code == .malformed)
        #expect(multiplexer.isFinished)
        #expect(multiplexer.received(.ping(1), now: .zero).isEmpty, "nothing counts any more")
    }

    @Test func anotherVersionIsUnsupported() {
        var multiplexer = Multiplexer(side: .listener, purpose: .control, limits: Self.small, now: .zero)
        _ = multiplexer.received(.hello(Hello(version: 2, window: 0, maximumStreams: 0)), now: .zero)
        #expect(multiplexer.failure?.code == .unsupported)
    }

    @Test(arguments: [(UInt32(Int32.max), true), (UInt32(Int32.max) + 1, false), (.max, false)])
    func aWindowIsNoLargerThanCreditCanBe(_ window: UInt32, _ isGood: Bool) {
        var multiplexer = Multiplexer(side: .listener, purpose: .control, limits: Self.small, now: .zero)
        _ = multiplexer.received(.hello(Hello(window: window, maximumStreams: 2)), now: .zero)
        #expect(multiplexer.failure?.code == (isGood ? nil : .malformed))
    }

    @Test func sendsNoMoreThanTheCredit() throws {
        var multiplexer = Self.open(.dialer, window: 10)
        let stream = try #require(
            try multiplexer.open(name: "a", body: [1], ends: false, discardsBulk: true))
        multiplexer.write([UInt8](repeating: 1, count: 25), on: stream)
        #expect(
            Self.frames(&multiplexer)
                == [
                    .open(stream, name: "a", body: [1], ends: false),
                    .data(stream, [UInt8](repeating: 1, count: 10), ends: false),
                ])
        multiplexer.finishBulk(stream)
        #expect(Self.frames(&multiplexer) == [], "the end waits behind the rest")
        _ = multiplexer.received(.credit(stream, 100), now: .zero)
        #expect(Self.frames(&multiplexer) == [.data(stream, [UInt8](repeating: 1, count: 15), ends: true)])
    }

    @Test func anEndWithoutBytesIsAFrameOfItsOwn() throws {
        var multiplexer = Self.open(.dialer, window: 10)
        let stream = try #require(try multiplexer.open(name: "a", body: [1], ends: false, discardsBulk: true))
        multiplexer.write([1], on: stream)
        _ = Self.frames(&multiplexer)
        multiplexer.finishBulk(stream)
        #expect(Self.frames(&multiplexer) == [.end(stream)])
    }

    @Test func theWriterWaitsWhenMuchIsUnsent() throws {
        var multiplexer = Self.open(.dialer, window: 10)
        let stream = try #require(try multiplexer.open(name: "a", body: [1], ends: false, discardsBulk: true))
        multiplexer.write([UInt8](repeating: 1, count: 510), on: stream)
        #expect(multiplexer.roomForBulk(stream) == .wait)
        _ = Self.frames(&multiplexer)
        #expect(multiplexer.roomForBulk(stream) == .free)
    }

    @Test func whoTellsOfEventsWaitsWhenManyAreUnsent() {
        var multiplexer = Self.open(.listener)
        let stream = StreamID(1)
        _ = multiplexer.received(.open(stream, name: "a", body: [1], ends: true), now: .zero)
        for _ in 0..<4 {
            #expect(multiplexer.roomForEvent(stream) == .free)
            multiplexer.sendEvent([1], on: stream)
        }
        #expect(multiplexer.roomForEvent(stream) == .wait)
        _ = Self.frames(&multiplexer)
        #expect(multiplexer.roomForEvent(stream) == .free)
    }

    @Test func onlyWhoOpenedAStreamCancelsIt() throws {
        var multiplexer = Self.open(.dialer)
        let stream = try #require(try multiplexer.open(name: "a", body: [1], ends: true, discardsBulk: true))
        _ = multiplexer.received(.cancel(stream), now: .zero)
        #expect(multiplexer.failure?.code == .malformed)
    }

    @Test func whoDoesNotLeaveIsLeft() {
        var multiplexer = Self.open(.listener)
        _ = multiplexer.received(.open(StreamID(1), name: "a", body: [1], ends: true), now: .zero)
        _ = multiplexer.close(by: .seconds(5))
        #expect(!multiplexer.tick(now: .milliseconds(4999)).contains(.hangUp))
        #expect(multiplexer.tick(now: .seconds(5)).contains(.hangUp))
        #expect(multiplexer.failure?.code == .timedOut)
    }

    @Test func controlOvertakesBulk() throws {
        var multiplexer = Self.open(.dialer, window: 1000)
        let stream = try #require(try multiplexer.open(name: "a", body: [1], ends: false, discardsBulk: true))
        _ = Self.frames(&multiplexer)
        multiplexer.write([1, 2, 3], on: stream)
        let second = try #require(try multiplexer.open(name: "b", body: [1], ends: true, discardsBulk: true))
        _ = multiplexer.received(.ping(5), now: .zero)
        #expect(
            Self.frames(&multiplexer)
                == [.pong(5), .open(second, name: "b", body: [1], ends: true), .data(stream, [1, 2, 3], ends: false)])
    }

    @Test func streamsWithBulkTakeTurns() throws {
        var multiplexer = Self.open(.dialer, window: 1 << 20)
        let (one, two) = (
            try #require(try multiplexer.open(name: "a", body: [1], ends: false, discardsBulk: true)),
            try #require(try multiplexer.open(name: "a", body: [1], ends: false, discardsBulk: true))
        )
        _ = Self.frames(&multiplexer)
        for stream in [one, two] { for _ in 0..<2 { multiplexer.write([1], on: stream) } }
        let order = Self.frames(&multiplexer).compactMap { if case .data(let id, _, _) = $0 { id } else { nil } }
        #expect(order == [one, two, one, two])
    }

    @Test func creditComesBackAsTheReaderReads() {
        var multiplexer = Self.open(.listener)
        let stream = StreamID(1)
        _ = multiplexer.received(.open(stream, name: "a", body: [1], ends: false), now: .zero)
        _ = multiplexer.received(.data(stream, [UInt8](repeating: 0, count: 240), ends: false), now: .zero)
        #expect(multiplexer.bufferedBytes == 240)
        #expect(Self.frames(&multiplexer) == [], "nothing read, no credit")
        _ = multiplexer.takeBulk(stream)
        #expect(Self.frames(&multiplexer) == [], "less than a quarter")
        _ = multiplexer.received(.data(stream, [UInt8](repeating: 0, count: 60), ends: false), now: .zero)
        _ = multiplexer.takeBulk(stream)
        #expect(Self.frames(&multiplexer) == [.credit(stream, 300)])
        #expect(multiplexer.takeBulk(stream) == .wait)
    }

    @Test func aReplyFollowsItsBulkAndAnErrorDoesNot() {
        for fails in [false, true] {
            var multiplexer = Self.open(.listener, window: 2)
            let stream = StreamID(1)
            _ = multiplexer.received(.open(stream, name: "a", body: [1], ends: true), now: .zero)
            multiplexer.write([1, 2, 3], on: stream)
            let error = HoldfastError(.busy, "Later.")
            multiplexer.answer(stream, fails ? .failure(error) : .success([9]))
            if fails {
                #expect(Self.frames(&multiplexer) == [.error(stream, error)])
            } else {
                #expect(Self.frames(&multiplexer) == [.data(stream, [1, 2], ends: false)])
                _ = multiplexer.received(.credit(stream, 2), now: .zero)
                #expect(Self.frames(&multiplexer) == [.data(stream, [3], ends: false), .reply(stream, [9])])
            }
        }
    }

    @Test func whatComesForAnAnsweredStreamIsIgnored() {
        var multiplexer = Self.open(.listener)
        let stream = StreamID(1)
        _ = multiplexer.received(.open(stream, name: "a", body: [1], ends: false), now: .zero)
        multiplexer.answer(stream, .success([9]))
        #expect(Self.frames(&multiplexer) == [.reply(stream, [9])])
        for frame in [Frame.data(stream, [1], ends: false), .credit(stream, 1), .cancel(stream), .end(stream)] {
            #expect(multiplexer.received(frame, now: .zero).isEmpty)
        }
        #expect(multiplexer.failure == nil)
    }

    @Test func cancellingFreesTheStreamOnlyWithTheAnswer() throws {
        var multiplexer = Self.open(.dialer, streams: 1)
        let stream = try #require(try multiplexer.open(name: "a", body: [1], ends: true, discardsBulk: false))
        _ = multiplexer.release(stream)
        #expect(
            Self.frames(&multiplexer) == [.open(stream, name: "a", body: [1], ends: true), .cancel(stream)])
        #expect(try multiplexer.open(name: "b", body: [1], ends: true, discardsBulk: true) == nil)
        #expect(multiplexer.received(.data(stream, [1], ends: false), now: .zero) == [.wake(stream, .data)])
        #expect(multiplexer.bufferedBytes == 0)
        #expect(
            multiplexer.received(.error(stream, HoldfastError(.cancelled, "x")), now: .zero)
                == [.wake(.connection, .slot)])
        #expect(try multiplexer.open(name: "b", body: [1], ends: true, discardsBulk: true) != nil)
    }

    @Test func aCancelReachesTheHandler() {
        var multiplexer = Self.open(.listener)
        let stream = StreamID(1)
        _ = multiplexer.received(.open(stream, name: "a", body: [1], ends: false), now: .zero)
        #expect(multiplexer.received(.cancel(stream), now: .zero).contains(.wake(stream, .cancellation)))
        #expect(multiplexer.isCancelled(stream))
    }

    @Test func oldEventsGiveWayToNewOnes() throws {
        var multiplexer = Self.open(.dialer)
        let stream = try #require(try multiplexer.open(name: "a", body: [1], ends: true, discardsBulk: true))
        for number in 0..<100 { _ = multiplexer.received(.event(stream, [UInt8(number)]), now: .zero) }
        #expect(multiplexer.takeMessage(stream) == .event([36]))
    }

    @Test func aFloodOfPingsMakesNoQueue() {
        var multiplexer = Self.open(.listener)
        for number in 0..<1000 { _ = multiplexer.received(.ping(UInt64(number)), now: .zero) }
        #expect(Self.frames(&multiplexer) == [.pong(999)])
    }

    @Test func singleBytesArePutTogether() {
        var multiplexer = Self.open(.listener)
        let stream = StreamID(1)
        _ = multiplexer.received(.open(stream, name: "a", body: [1], ends: false), now: .zero)
        for _ in 0..<1000 { _ = multiplexer.received(.data(stream, [7], ends: false), now: .zero) }
        #expect(multiplexer.takeBulk(stream) == .bytes([UInt8](repeating: 7, count: 1000)))
    }

    @Test func silenceIsAskedAboutAndThenTakenForTheEnd() {
        var multiplexer = Self.open(.listener)
        #expect(multiplexer.tick(now: .seconds(14)).isEmpty && Self.frames(&multiplexer).isEmpty)
        _ = multiplexer.tick(now: .seconds(15))
        _ = multiplexer.tick(now: .seconds(16))
        #expect(Self.frames(&multiplexer).count == 1, "one ping, not one a tick")
        _ = multiplexer.received(.pong(15), now: .seconds(20))
        #expect(multiplexer.tick(now: .seconds(64)).isEmpty)
        #expect(multiplexer.tick(now: .seconds(65)).contains(.hangUp))
        #expect(multiplexer.failure?.code == .unavailable)
    }

    @Test func aPeerThatSaysNothingIsSentAway() {
        var multiplexer = Multiplexer(side: .listener, purpose: .control, limits: Self.small, now: .zero)
        _ = multiplexer.tick(now: .seconds(10))
        #expect(multiplexer.failure?.code == .timedOut)
    }

    @Test func goodbyeEndsInOrderAfterTheLastAnswer() throws {
        var multiplexer = Self.open(.listener)
        let stream = StreamID(1)
        _ = multiplexer.received(.open(stream, name: "a", body: [1], ends: true), now: .zero)
        _ = multiplexer.close(by: .seconds(10))
        #expect(Self.frames(&multiplexer) == [.goodbye])
        #expect(!multiplexer.isFinished)
        _ = multiplexer.received(.open(StreamID(3), name: "a", body: [1], ends: true), now: .zero)
        guard case .error(StreamID(3), let error)? = Self.frames(&multiplexer).first else {
            Issue.record("the crossing message was not refused")
            return
        }
        #expect(error.code == .unavailable)
        multiplexer.answer(stream, .success([1]))
        #expect(Self.frames(&multiplexer) == [.reply(stream, [1])])
        #expect(multiplexer.isFinished)
        _ = multiplexer.lost(nil)
        #expect(multiplexer.failure == nil)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64]) func anySequenceOfFramesIsSurvived(_ seed: UInt64) {
        var random = SeededBytes(state: seed)
        for _ in 0..<300 {
            var multiplexer = Self.open(random.next() % 2 == 0 ? .dialer : .listener)
            for _ in 0..<40 {
                let id = StreamID(UInt32(random.next() % 8))
                let frame: Frame =
                    switch random.next() % 9 {
                    case 0: .open(id, name: "a", body: [1], ends: random.next() % 2 == 0)
                    case 1: .data(id, random.bytes(1 + Int(random.next() % 600)), ends: random.next() % 4 == 0)
                    case 2: .end(id)
                    case 3: .credit(id, UInt32(1 + random.next() % 1000))
                    case 4: .reply(id, [1])
                    case 5: .error(id, HoldfastError(.busy, "x"))
                    case 6: .cancel(id)
                    case 7: .event(id, [1])
                    default: .goodbye
                    }
                _ = multiplexer.received(frame, now: .zero)
                #expect(multiplexer.bufferedBytes <= 2000, "seed \(seed)")
                switch random.next() % 6 {
                case 0: _ = try? multiplexer.open(name: "b", body: [1], ends: false, discardsBulk: false)
                case 1: multiplexer.write(random.bytes(50), on: id)
                case 2: multiplexer.finishBulk(id)
                case 3: multiplexer.answer(id, .success([1]))
                case 4: _ = multiplexer.takeBulk(id)
                default: _ = multiplexer.release(id)
                }
                if random.next() % 3 == 0 { _ = Self.frames(&multiplexer) }
            }
        }
    }
}

import NIOCore
import Testing

@testable import HoldfastWire

@Suite struct StrangersTests {
    private let here = Origin([127, 0, 0, 1])
    private let there = Origin([10, 0, 0, 1])

    private func strangers(total: Int, perAddress: Int) -> Strangers {
        var limits = StrangerLimits()
        (limits.total, limits.perAddress) = (total, perAddress)
        return Strangers(limits)
    }

    @Test func theOldestGivesWay() {
        var strangers = strangers(total: 3, perAddress: 3)
        for number in 1...3 { #expect(strangers.enter(UInt64(number), from: here) == nil) }
        #expect(strangers.enter(4, from: here) == 1)
        #expect(strangers.enter(5, from: here) == 2)
        #expect(strangers.count == 3)
    }

    @Test func whoHasGotFurtherStays() {
        var strangers = strangers(total: 3, perAddress: 3)
        for number in 1...3 { _ = strangers.enter(UInt64(number), from: here) }
        strangers.got(1, to: .encrypted)
        strangers.got(2, to: .speaking)
        strangers.got(1, to: .silent)
        #expect(strangers.enter(4, from: here) == 3)
        #expect(strangers.enter(5, from: here) == 4)
    }

    @Test func whoLingersLeavesHalfOfThePlacesToNewcomers() {
        var strangers = strangers(total: 4, perAddress: 4)
        for number in 1...4 {
            _ = strangers.enter(UInt64(number), from: here)
            strangers.got(UInt64(number), to: .encrypted)
        }
        #expect(strangers.enter(5, from: here) == 1)
        #expect(strangers.enter(6, from: here) == 2)
        // Two have finished TLS and two are new: now the newcomers give way to each other.
        #expect(strangers.enter(7, from: here) == 5)
        strangers.got(6, to: .speaking)
        #expect(strangers.enter(8, from: here) == 7)
    }

    @Test func aCrowdPushesOutItsOwn() {
        var strangers = strangers(total: 10, perAddress: 5)
        #expect(strangers.enter(1, from: there) == nil)
        for number in 2...6 { #expect(strangers.enter(UInt64(number), from: here) == nil) }
        for number in 7...100 { #expect(strangers.enter(UInt64(number), from: here) == UInt64(number) - 5) }
        #expect(strangers.progress(of: 1) == .silent)
    }

    @Test func whenAllIsFullTheMostCrowdedAddressLosesOne() {
        var strangers = strangers(total: 4, perAddress: 3)
        #expect(strangers.enter(1, from: there) == nil)
        for number in 2...4 { #expect(strangers.enter(UInt64(number), from: here) == nil) }
        #expect(strangers.enter(5, from: Origin([10, 0, 0, 2])) == 2)
        #expect(strangers.progress(of: 1) != nil)
    }

    @Test func whoIsKnownOrGoneNoLongerCounts() {
        var strangers = strangers(total: 2, perAddress: 2)
        _ = strangers.enter(1, from: here)
        _ = strangers.enter(2, from: here)
        strangers.leave(1)
        #expect(strangers.enter(3, from: here) == nil)
        #expect(strangers.enter(4, from: here) == 2)
    }

    @Test func anOriginIsAHostOrAnIPv6Network() throws {
        func origin(_ text: String) throws -> Origin { Origin(try SocketAddress(ipAddress: text, port: 1)) }
        #expect(try origin("10.0.0.1") == there)
        #expect(try origin("::ffff:10.0.0.1") == there)
        #expect(try origin("2001:db8::1") == origin("2001:db8::ffff:2"))
        #expect(try origin("2001:db8::1") != origin("2001:db8:0:1::1"))
        #expect(Origin(nil) == Origin([]))
    }
}

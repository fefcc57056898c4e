import HoldfastModel
import Testing

@Suite struct PasswordQueueTests {
    private static func stranger(_ address: String) -> PasswordQueue.Asker {
        .stranger(Origin(.web, address: address).place)
    }

    @Test func oneAtATimeInTheOrderOfTheirComing() {
        var queue = PasswordQueue()
        for number in 1...3 { #expect(queue.enter(UInt64(number), Self.stranger("192.0.2.\(number)")) == true) }
        #expect(queue.next() == 1)
        #expect(queue.next() == nil)
        // Who waits no longer is passed over.
        queue.leave(2)
        queue.leave(1)
        #expect(queue.next() == 3)
        queue.leave(3)
        #expect(queue.next() == nil)
    }

    @Test func anAddressHasFewPlaces() {
        var queue = PasswordQueue()
        #expect(queue.enter(1, Self.stranger("192.0.2.1")) == true)
        #expect(queue.enter(2, Self.stranger("192.0.2.1")) == true)
        #expect(queue.enter(3, Self.stranger("192.0.2.1")) == false)
        #expect(queue.enter(4, Self.stranger("192.0.2.2")) == true)
        // Whose turn it is has a place still.
        #expect(queue.next() == 1)
        #expect(queue.enter(5, Self.stranger("192.0.2.1")) == false)
        queue.leave(1)
        #expect(queue.enter(6, Self.stranger("192.0.2.1")) == true)
    }

    @Test func anOwnerOfManyNetworksHasMoreButNotAll() {
        var queue = PasswordQueue()
        var entered = 0
        for network in 0..<100 where queue.enter(UInt64(network), Self.stranger("2001:db8:1:\(network)::1")) {
            entered += 1
        }
        #expect(entered == PasswordQueue.Limits().strangersOfOwner)
        #expect(queue.enter(200, Self.stranger("2001:db8:2::1")) == true)
    }

    /// However many strangers wait, whoever is known has a place, and is next.
    @Test func strangersDontKeepOutWhoIsKnown() {
        var queue = PasswordQueue()
        var line = 0
        for number in 0..<500 where queue.enter(UInt64(number), Self.stranger("192.0.\(number / 250).\(number % 250)"))
        {
            line += 1
        }
        #expect(line == PasswordQueue.Limits().strangers)
        #expect(queue.next() == 0)
        #expect(queue.enter(1000, .known("anna")) == true)
        queue.leave(0)
        #expect(queue.next() == 1000)
    }

    /// Nor the other way round.
    @Test func whoIsKnownDoesNotKeepOutStrangers() {
        var queue = PasswordQueue()
        for number in 0..<8 { #expect(queue.enter(UInt64(number), .known("anna")) == true) }
        #expect(queue.enter(8, .known("anna")) == false)
        #expect(queue.enter(100, Self.stranger("192.0.2.1")) == true)
        #expect(queue.next() == 0)
        queue.leave(0)
        #expect(queue.next() == 100)
    }
}

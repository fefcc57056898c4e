import HoldfastWire
import Synchronization
import Testing

/// One task gives, another takes, and neither waits for ever.
@Suite(.timeLimit(.minutes(5))) struct HandoverTests {
    private struct Broken: Error {}

    @Test(arguments: [1, 2, 16]) func allComesInOrderAndNeverMoreThanMayWait(limit: Int) async throws {
        let handover = Handover<Int>(limit: limit)
        let given = Tally()
        async let giving: Void = {
            for number in 0..<500 {
                try await handover.give(number)
                given.add(1)
            }
            handover.end()
        }()
        var taken = 0
        while let number = try await handover.take() {
            #expect(number == taken)
            taken += 1
            if taken.isMultiple(of: 7) { await Task.yield() }
            #expect(given.current <= taken + limit)
        }
        try await giving
        #expect(taken == 500)
        #expect(try await handover.take() == nil)
    }

    @Test func whatWasGivenBeforeTheEndIsTaken() async throws {
        let handover = Handover<Int>(limit: 2)
        try await handover.give(1)
        try await handover.give(2)
        handover.end(Broken())
        // The first end counts.
        handover.end()
        #expect(try await handover.take() == 1)
        #expect(try await handover.take() == 2)
        await #expect(throws: Broken.self) { try await handover.take() }
        await #expect(throws: Broken.self) { try await handover.give(3) }
    }

    @Test func nothingIsGivenAfterAGoodEnd() async throws {
        let handover = Handover<Int>()
        handover.end()
        await #expect(throws: CancellationError.self) { try await handover.give(1) }
        #expect(try await handover.take() == nil)
    }

    @Test func whoWaitsToGiveHearsOfTheEnd() async throws {
        let handover = Handover<Int>()
        try await handover.give(1)
        let second = Task { try await handover.give(2) }
        await Task.yield()
        handover.end(Broken())
        await #expect(throws: Broken.self) { try await second.value }
    }

    /// Whichever of the two is cancelled, before it waits or while it does.
    @Test(arguments: [0, 1, 50]) func aCancelledGiverEndsItForBoth(yields: Int) async throws {
        let handover = Handover<Int>()
        try await handover.give(1)
        let giver = Task { try await handover.give(2) }
        for _ in 0..<yields { await Task.yield() }
        giver.cancel()
        await #expect(throws: CancellationError.self) { try await giver.value }
        #expect(try await handover.take() == 1)
        await #expect(throws: CancellationError.self) { try await handover.take() }
    }

    @Test(arguments: [0, 1, 50]) func aCancelledTakerEndsItForBoth(yields: Int) async throws {
        let handover = Handover<Int>()
        let taker = Task { try await handover.take() }
        for _ in 0..<yields { await Task.yield() }
        taker.cancel()
        await #expect(throws: CancellationError.self) { try await taker.value }
        await #expect(throws: CancellationError.self) { try await handover.give(1) }
    }

    @Test func onlyOneTaskTakes() async {
        await #expect(processExitsWith: .failure) {
            let handover = Handover<Int>()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { _ = try? await handover.take() } }
            }
        }
    }

    @Test func onlyOneTaskGives() async {
        await #expect(processExitsWith: .failure) {
            let handover = Handover<Int>()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try? await handover.give(1) } }
            }
        }
    }
}

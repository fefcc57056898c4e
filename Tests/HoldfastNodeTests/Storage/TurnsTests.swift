import Synchronization
import Testing

@testable import HoldfastNode

@Suite(.timeLimit(.minutes(5))) struct TurnsTests {
    private final class Ran: Sendable {
        private let state = Mutex<[String]>([])
        var names: [String] { state.withLock { $0 } }
        func add(_ name: String) { state.withLock { $0.append(name) } }
    }

    private final class Inside: Sendable {
        private let state = Mutex((now: 0, most: 0))
        var most: Int { state.withLock { $0.most } }
        func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { state.withLock { $0.now -= 1 } }
    }

    @Test func aCancelledWaiterLeavesAtOnceAndTheNextOneFollows() async throws {
        let turns = Turns<Int>()
        let ran = Ran()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (release, releasing) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                try await turns.withTurn(1) {
                    for await _ in release {}
                    ran.add("first")
                }
            }
            while !turns.isTaken(1) { await Task.yield() }
            await withThrowingTaskGroup(of: Void.self) { cancelled in
                cancelled.addTask { try await turns.withTurn(1) { ran.add("cancelled") } }
                while turns.waiters(for: 1) == 0 { await Task.yield() }
                group.addTask { try await turns.withTurn(1) { ran.add("second") } }
                while turns.waiters(for: 1) < 2 { await Task.yield() }
                cancelled.cancelAll()
                await #expect(throws: CancellationError.self) { try await cancelled.next() }
            }
            #expect(turns.waiters(for: 1) == 1)
            #expect(ran.names.isEmpty)
            releasing.finish()
            try await group.waitForAll()
        }
        #expect(ran.names == ["first", "second"])
        #expect(!turns.isTaken(1))
    }

    @Test func whoComesCancelledTakesNothing() async throws {
        let turns = Turns<Int>()
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                await #expect(throws: CancellationError.self) { try await turns.withTurn(1) {} }
            }
        }
        #expect(!turns.isTaken(1))
    }

    @Test func aTurnIsForOneWhateverIsCancelled() async throws {
        let turns = Turns<Int>()
        let inside = Inside()
        for round in 0..<20 {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try? await turns.withTurn(1) {
                            inside.enter()
                            await Task.yield()
                            inside.leave()
                        }
                    }
                }
                for _ in 0..<round { await Task.yield() }
                group.cancelAll()
            }
        }
        #expect(inside.most == 1)
        #expect(!turns.isTaken(1))
    }
}

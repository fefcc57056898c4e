import HoldfastModel
import Testing

@testable import HoldfastCatalog

@Suite(.timeLimit(.minutes(5)))
struct OfficeTests {
    @Test(arguments: Driver.allCases)
    func eachTermIsAboveAllBefore(_ driver: Driver) async throws {
        try await driver.withCatalog { catalog in
            for (above, expected) in [(0, 1), (0, 2), (41, 42), (7, 43)] as [(UInt64, UInt64)] {
                let epoch = try await catalog.takeOffice(above: Epoch(above))
                #expect(epoch == Epoch(expected))
            }
        }
    }

    @Test(arguments: Driver.allCases)
    func onlyTheCurrentTermWrites(_ driver: Driver) async throws {
        try await driver.withCatalog { catalog in
            for epoch in [Epoch(1), Epoch(2)] {
                #expect(
                    await code { try await catalog.commit(Transaction(epoch: epoch, writes: [.test("a")])) } == .deposed
                )
            }
            let old = try await catalog.takeOffice(above: Epoch(0))
            try await catalog.commit(Transaction(epoch: old, writes: [.test("a")]))
            let new = try await catalog.takeOffice(above: Epoch(0))
            for epoch in [old, new.next, Epoch(0)] {
                // A deposed leader learns that, and not that an expectation of its failed.
                let failure = await code {
                    try await catalog.commit(
                        Transaction(epoch: epoch, expects: [.absent(.test("a"))], writes: [.test("b")]))
                }
                #expect(failure == .deposed)
            }
            #expect(await code { try await catalog.commit(Transaction(epoch: old)) } == .deposed)
            try await catalog.commit(Transaction(epoch: new, writes: [.test("c")]))
            #expect(try await catalog.record(.test("b")) == nil)
            #expect(try await catalog.record(.test("c")) != nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func absurdEpochsAreRefused(_ driver: Driver) async throws {
        try await driver.withCatalog { catalog in
            for number in [UInt64.max, UInt64(Int64.max)] {
                #expect(await code { _ = try await catalog.takeOffice(above: Epoch(number)) } == .invalidArgument)
            }
            let last = try await catalog.takeOffice(above: Epoch(UInt64(Int64.max) - 1))
            #expect(last == Epoch(UInt64(Int64.max)))
            #expect(await code { _ = try await catalog.takeOffice(above: Epoch(0)) } == .invalidArgument)
            try await catalog.commit(Transaction(epoch: last, writes: [.test("a")]))
            #expect(await code { try await catalog.commit(Transaction(epoch: Epoch(.max))) } == .invalidArgument)
        }
    }

    @Test(arguments: Driver.allCases)
    func incarnationIsSixteenBytes(_ driver: Driver) async throws {
        try await driver.withCatalog { catalog in
            #expect([UInt8](hexadecimal: catalog.incarnation)?.count == 16)
        }
    }
}

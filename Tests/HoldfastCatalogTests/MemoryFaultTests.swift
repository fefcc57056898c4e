import HoldfastModel
import Testing

@testable import HoldfastCatalog

@Suite(.timeLimit(.minutes(5)))
struct MemoryFaultTests {
    private let error = HoldfastError(.inputOutput, "injected")

    @Test func aFaultBeforeLeavesNothingAndOneAfterLeavesAll() async throws {
        let catalog = MemoryCatalog()
        let epoch = try await catalog.takeOffice(above: Epoch(0))
        catalog.inject(.before(error))
        catalog.inject(.after(error), afterCommits: 1)
        func put(_ key: String) async -> ErrorCode? {
            await code { try await catalog.commit(Transaction(epoch: epoch, writes: [.test(key)])) }
        }
        #expect(await put("a") == .inputOutput)
        #expect(await put("b") == nil)
        #expect(await put("c") == .inputOutput)
        #expect(await put("d") == nil)
        #expect(try await catalog.records(RecordQuery(.setting)).map(\.key.key) == ["b", "c", "d"])
        #expect(catalog.commitCount == 3)
    }
}

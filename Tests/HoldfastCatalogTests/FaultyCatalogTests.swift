import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

@testable import HoldfastCatalog

/// One catalog that several coordinators reach, each until it dies or is deposed.
@Suite(.timeLimit(.minutes(1))) struct FaultyCatalogTests {
    private struct Dead: Error {}
    private let stored = MemoryCatalog()

    private func keys() async throws -> [String] { try await stored.records(RecordQuery(.setting)).map(\.key.key) }

    @Test func itSurvivesItsProcesses() async throws {
        let isDead = Mutex(false)
        let first = FaultyCatalog(stored, alive: { if isDead.withLock({ $0 }) { throw Dead() } })
        let epoch = try await first.takeOffice(above: Epoch(0))
        try await first.commit(Transaction(epoch: epoch, writes: [.test("a")]))
        isDead.withLock { $0 = true }
        await #expect(throws: Dead.self) {
            try await first.commit(Transaction(epoch: epoch, writes: [.test("b")]))
        }
        await #expect(throws: Dead.self) { _ = try await first.takeOffice(above: Epoch(0)) }
        await #expect(throws: Dead.self) { _ = try await first.records(RecordQuery(.setting)) }

        let second = FaultyCatalog(stored)
        let next = try await second.takeOffice(above: Epoch(0))
        #expect(next == epoch.next)
        try await second.commit(Transaction(epoch: next, writes: [.test("c")]))
        #expect(try await keys() == ["a", "c"])
    }

    @Test func whoTakesOfficeDeposesTheOther() async throws {
        let first = FaultyCatalog(stored)
        let epoch = try await first.takeOffice(above: Epoch(0))
        _ = try await FaultyCatalog(stored).takeOffice(above: Epoch(0))
        let refused = await code { try await first.commit(Transaction(epoch: epoch, writes: [.test("a")])) }
        #expect(refused == .deposed)
    }

    @Test func aProcessThatDiesBetweenCommitAndAnswerHasCommitted() async throws {
        let isDead = Mutex(false)
        let catalog = FaultyCatalog(stored, alive: { if isDead.withLock({ $0 }) { throw Dead() } }) { step in
            if step == CatalogStep(call: .commit, phase: .answered) { isDead.withLock { $0 = true } }
        }
        let epoch = try await catalog.takeOffice(above: Epoch(0))
        await #expect(throws: Dead.self) {
            try await catalog.commit(Transaction(epoch: epoch, writes: [.test("a")]))
        }
        #expect(try await keys() == ["a"])
    }

    /// With faults of every kind, what was answered is there, and what was refused for want of space is not.
    @Test(arguments: [1, 2, 3] as [UInt64]) func errorsMeanWhatTheCatalogSays(seed: UInt64) async throws {
        let entropy = HoldfastTestKit.SeededEntropy(seed: seed)
        let rates = CatalogFaultRates(refused: 0.2, noSpace: 0.2, lost: 0.2)
        let epoch = try await stored.takeOffice(above: Epoch(0))
        let catalog = FaultyCatalog(
            stored,
            during: { step in
                var words = Words(entropy: entropy)
                if let error = rates.error(at: step, using: &words) { throw error }
            })
        var (done, full, unknown): ([String], [String], [String]) = ([], [], [])
        for number in 0..<300 {
            let key = "k\(number)"
            switch await code({ try await catalog.commit(Transaction(epoch: epoch, writes: [.test(key)])) }) {
            case nil: done.append(key)
            case .noSpace: full.append(key)
            default: unknown.append(key)
            }
        }
        var found: Set<String> = []
        for key in done + full + unknown {
            if try await stored.record(RecordKey(.setting, key)) != nil { found.insert(key) }
        }
        #expect(found.isSuperset(of: done), "seed \(seed)")
        #expect(found.isDisjoint(with: full), "seed \(seed)")
        #expect(unknown.contains { found.contains($0) } && unknown.contains { !found.contains($0) }, "seed \(seed)")
    }
}

private struct Words: RandomNumberGenerator {
    let entropy: HoldfastTestKit.SeededEntropy
    func next() -> UInt64 { entropy.next() }
}

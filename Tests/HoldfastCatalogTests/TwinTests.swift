import HoldfastModel
import Testing

@testable import HoldfastCatalog

/// The drivers give the same answer to the same random transactions, across reopenings of the file.
@Suite(.timeLimit(.minutes(5)))
struct TwinTests {
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func driversAgree(seed: UInt64) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/catalog.sqlite"
            let memory = MemoryCatalog()
            var sqlite = try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: seed))
            var random = SplitMix(state: seed)
            var epoch = Epoch(0)
            for step in 0..<120 {
                if Int.random(in: 0..<15, using: &random) == 0 {
                    let above = Epoch(.random(in: 0..<20, using: &random))
                    epoch = try await memory.takeOffice(above: above)
                    #expect(try await sqlite.takeOffice(above: above) == epoch, "seed \(seed), step \(step)")
                }
                if Int.random(in: 0..<30, using: &random) == 0 {
                    try sqlite.close()
                    sqlite = try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: seed))
                }
                let transaction = try Self.transaction(
                    Int.random(in: 0..<10, using: &random) == 0 ? epoch.next : epoch, &random)
                let expected = await code { try await memory.commit(transaction) }
                let found = await code { try await sqlite.commit(transaction) }
                #expect(expected == found, "seed \(seed), step \(step): \(transaction)")
                let query = Self.query(&random)
                #expect(
                    try await memory.records(query) == (try await sqlite.records(query)), "seed \(seed), step \(step)")
            }
            for job in 0..<3 {
                let job = try testJob(job)
                #expect(
                    try await memory.journal(of: job, after: 0, limit: .max).map(\.entry)
                        == (try await sqlite.journal(of: job, after: 0, limit: .max).map(\.entry)), "seed \(seed)")
            }
            #expect(memory.commitCount > 20, "seed \(seed) hardly tests anything")
            try sqlite.close()
        }
    }

    private static func transaction(_ epoch: Epoch, _ random: inout SplitMix) throws -> Transaction {
        var transaction = Transaction(epoch: epoch)
        for _ in 0..<Int.random(in: 0..<2, using: &random) {
            let key = Self.key(&random)
            transaction.expects.append(
                Bool.random(using: &random) ? .absent(key) : .revision(key, .random(in: 1..<5, using: &random)))
        }
        for _ in 0..<Int.random(in: 1..<4, using: &random) {
            let body = (0..<Int.random(in: 0..<9, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: transaction.writes.append(.delete(key(&random)))
            case 1:
                let job = try testJob(.random(in: 0..<3, using: &random))
                transaction.writes.append(.journal(job, at: Timestamp(milliseconds: 5), entry: body))
            default:
                transaction.writes.append(
                    .put(
                        key(&random), scope: list(&random), group: list(&random),
                        order: .random(in: -2..<3, using: &random), body: body))
            }
        }
        return transaction
    }

    private static func key(_ random: inout SplitMix) -> RecordKey {
        RecordKey(
            Bool.random(using: &random) ? .job : .claim,
            ["a", "b", "B", "a b", "~", "10", "9"][Int.random(in: 0..<7, using: &random)])
    }

    private static func list(_ random: inout SplitMix) -> String {
        ["", "x", "y"][Int.random(in: 0..<3, using: &random)]
    }

    private static func query(_ random: inout SplitMix) -> RecordQuery {
        RecordQuery(
            Bool.random(using: &random) ? .job : .claim, scope: Bool.random(using: &random) ? list(&random) : nil,
            group: Bool.random(using: &random) ? list(&random) : nil, descending: .random(using: &random),
            limit: .random(in: 0..<6, using: &random),
            after: Bool.random(using: &random)
                ? .init(order: .random(in: -2..<3, using: &random), key: key(&random).key) : nil)
    }
}

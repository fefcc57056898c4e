import Foundation
import HoldfastModel
import Testing

@testable import HoldfastCatalog

/// Figures rather than verdicts; run with `HOLDFAST_MEASURE=records`, for example 100000.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HOLDFAST_MEASURE"] != nil))
struct ScaleTests {
    @Test func commitsAndLists() async throws {
        let count = ProcessInfo.processInfo.environment["HOLDFAST_MEASURE"].flatMap { Int($0) } ?? 100_000
        try await withTemporaryDirectory { directory in
            let path = directory + "/catalog.sqlite"
            let catalog = try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: 1))
            let epoch = try await catalog.takeOffice(above: Epoch(0))
            let body = SeededEntropy(seed: 2).bytes(1500)
            let clock = ContinuousClock()
            func backup(_ number: Int) -> Write {
                .put(
                    RecordKey(.backup, String(1_000_000_000 + number)), scope: "project\(number % 100)/live",
                    group: "project\(number % 100)", order: Int64(number), body: body)
            }
            let filling = try await clock.measure {
                for start in stride(from: 0, to: count, by: 1000) {
                    try await catalog.commit(
                        Transaction(
                            epoch: epoch, writes: (start..<min(count, start + 1000)).map { number in backup(number) }))
                }
            }
            let commits = try await clock.measure {
                for number in 0..<200 {
                    try await catalog.commit(
                        Transaction(
                            epoch: epoch,
                            expects: [.absent(RecordKey(.backup, String(1_000_000_000 + count + number)))],
                            writes: [
                                backup(count + number),
                                .journal(try testJob(1), at: Timestamp(milliseconds: 0), entry: body),
                            ]))
                }
            }
            let page = try await clock.measure {
                for project in 0..<100 {
                    let records = try await catalog.records(
                        RecordQuery(.backup, scope: "project\(project)/live", descending: true, limit: 50))
                    #expect(records.count == 50)
                }
            }
            let whole = try await clock.measure {
                var (query, seen) = (RecordQuery(.backup), 0)
                repeat {
                    let records = try await catalog.records(query)
                    seen += records.count
                    query.after = records.last.map { .init(order: $0.order, key: $0.key.key) }
                } while query.after != nil
                #expect(seen == count + 200)
            }
            try catalog.close()
            let reopening = try clock.measure { try SQLiteCatalog(path: path, entropy: SeededEntropy(seed: 1)).close() }
            let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            print(
                """
                \(count) backups of 1500 bytes, \(bytes >> 20) MiB: filled in \(filling), one durable commit in \
                \(commits / 200), a page of 50 in \(page / 100), all read in \(whole), reopened in \(reopening)
                """)
        }
    }
}

import HoldfastModel
import Testing

@testable import HoldfastCatalog

@Suite(.timeLimit(.minutes(5)))
struct CommitTests {
    @Test(arguments: Driver.allCases)
    func putsReadsReplacesAndDeletes(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            #expect(try await catalog.record(.test("a")) == nil)
            try await catalog.commit(
                Transaction(
                    epoch: epoch, expects: [.absent(.test("a"))],
                    writes: [.test("a", scope: "s", group: "g", order: -7, body: "")]))
            let first = Record(key: .test("a"), revision: 1, scope: "s", group: "g", order: -7, body: [])
            #expect(try await catalog.record(.test("a")) == first)

            let bytes = (0...255).map { UInt8($0) }
            try await catalog.commit(
                Transaction(
                    epoch: epoch, expects: [.revision(.test("a"), 1)],
                    writes: [.put(.test("a"), scope: "t", order: .max, body: bytes)]))
            let second = Record(key: .test("a"), revision: 2, scope: "t", order: .max, body: bytes)
            #expect(try await catalog.record(.test("a")) == second)
            #expect(try await catalog.records(RecordQuery(.setting, scope: "s")).isEmpty)
            #expect(try await catalog.records(RecordQuery(.setting, group: "g")).isEmpty)

            try await catalog.commit(Transaction(epoch: epoch, writes: [.delete(.test("a")), .delete(.test("b"))]))
            #expect(try await catalog.record(.test("a")) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func keysOfDifferentKindsAreDifferent(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            try await catalog.commit(
                Transaction(
                    epoch: epoch,
                    writes: RecordKind.allCases.map {
                        .put(RecordKey($0, "same"), scope: "", order: 0, body: Array($0.rawValue.utf8))
                    }))
            for kind in RecordKind.allCases {
                let record = try #require(try await catalog.record(RecordKey(kind, "same")))
                #expect(record.body == Array(kind.rawValue.utf8))
                #expect(try await catalog.records(RecordQuery(kind)).count == 1)
            }
        }
    }

    @Test(arguments: Driver.allCases)
    func failedExpectationsWriteNothing(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            try await catalog.commit(Transaction(epoch: epoch, writes: [.test("a")]))
            let job = try testJob(1)
            let refused: [HoldfastCatalog.Expectation] = [
                .absent(.test("a")), .revision(.test("a"), 2), .revision(.test("a"), 0), .revision(.test("b"), 1),
            ]
            for expectation in refused {
                let failure = await code {
                    try await catalog.commit(
                        Transaction(
                            epoch: epoch, expects: [.revision(.test("a"), 1), expectation],
                            writes: [
                                .test("a", body: "changed"), .test("b"),
                                .journal(job, at: Timestamp(milliseconds: 0), entry: [1]),
                            ]))
                }
                #expect(failure == .conflict)
            }
            #expect(try await catalog.record(.test("a"))?.revision == 1)
            #expect(try await catalog.record(.test("b")) == nil)
            #expect(try await catalog.journal(of: job, after: 0, limit: 10).isEmpty)
        }
    }

    /// Whoever read a record before it was deleted and put again must not take the new one for the old.
    @Test(arguments: Driver.allCases)
    func revisionsGoOnAfterADeletion(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            try await catalog.commit(Transaction(epoch: epoch, writes: [.test("a")]))
            try await catalog.commit(Transaction(epoch: epoch, writes: [.delete(.test("a"))]))
            try await catalog.commit(
                Transaction(epoch: epoch, expects: [.absent(.test("a"))], writes: [.test("a")]))
            #expect(try await catalog.record(.test("a"))?.revision == 2)
            let stale = await code {
                try await catalog.commit(
                    Transaction(epoch: epoch, expects: [.revision(.test("a"), 1)], writes: [.test("a")]))
            }
            #expect(stale == .conflict)
            // Within one transaction, too.
            try await catalog.commit(
                Transaction(epoch: epoch, writes: [.delete(.test("a")), .test("a"), .delete(.test("a")), .test("a")]))
            #expect(try await catalog.record(.test("a"))?.revision == 4)
        }
    }

    @Test(arguments: Driver.allCases)
    func laterWritesOfATransactionWin(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            try await catalog.commit(
                Transaction(
                    epoch: epoch, expects: [.absent(.test("a"))],
                    writes: [.test("a", body: "1"), .test("a", body: "2"), .test("b"), .delete(.test("b"))]))
            let record = try #require(try await catalog.record(.test("a")))
            #expect(record.revision == 2 && record.body == Array("2".utf8))
            #expect(try await catalog.record(.test("b")) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func whatNoDriverCouldKeepIsRefused(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            let tooLong = String(repeating: "k", count: Transaction.textLimit + 1)
            let refused: [(Write, ErrorCode)] = [
                (.test(""), .invalidArgument), (.test(tooLong), .invalidArgument), (.test("é"), .invalidArgument),
                (.test("a\0"), .invalidArgument), (.test("a", scope: tooLong), .invalidArgument),
                (.test("a", group: "\n"), .invalidArgument), (.delete(.test("")), .invalidArgument),
                (
                    .put(
                        .test("a"), scope: "", order: 0, body: [UInt8](repeating: 0, count: Transaction.bodyLimit + 1)),
                    .tooLarge
                ),
                (
                    .journal(
                        try testJob(1), at: Timestamp(milliseconds: 0),
                        entry: [UInt8](repeating: 0, count: Transaction.bodyLimit + 1)),
                    .tooLarge
                ),
            ]
            for (write, expected) in refused {
                let failure = await code {
                    try await catalog.commit(Transaction(epoch: epoch, writes: [.test("fine"), write]))
                }
                #expect(failure == expected)
            }
            #expect(try await catalog.record(.test("fine")) == nil)
            let longest = String(tooLong.dropLast())
            try await catalog.commit(
                Transaction(epoch: epoch, writes: [.test(longest, scope: longest, group: longest)]))
            #expect(try await catalog.record(.test(longest))?.scope == longest)
        }
    }

    @Test(arguments: Driver.allCases)
    func concurrentWritersLoseNoUpdate(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            try await catalog.commit(Transaction(epoch: epoch, writes: [.test("counter", order: 0)]))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var left = 10
                        while left > 0 {
                            guard let seen = try await catalog.record(.test("counter")) else { return }
                            do {
                                try await catalog.commit(
                                    Transaction(
                                        epoch: epoch, expects: [.revision(seen.key, seen.revision)],
                                        writes: [.test("counter", order: seen.order + 1)]))
                                left -= 1
                            } catch let error as HoldfastError where error.code == .conflict {
                                continue
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await catalog.record(.test("counter"))?.order == 80)
        }
    }
}

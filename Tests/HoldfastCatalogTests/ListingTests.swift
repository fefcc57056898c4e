import HoldfastModel
import Testing

@testable import HoldfastCatalog

@Suite(.timeLimit(.minutes(5)))
struct ListingTests {
    /// Orders with ties, negative ones, and keys whose text order is not their age.
    private static let writes: [Write] = [
        .test("d", scope: "x", group: "g", order: 5), .test("a", scope: "x", group: "h", order: 5),
        .test("c", scope: "x", group: "g", order: -1), .test("b", scope: "y", group: "g", order: 9),
        .test("e", scope: "x", order: .max), .test("f", scope: "", group: "h", order: .min),
        .put(RecordKey(.node, "n"), scope: "x", group: "g", order: 0, body: []),
    ]

    private static let queries: [(RecordQuery, [String])] = [
        (RecordQuery(.setting), ["a", "b", "c", "d", "e", "f"]),
        (RecordQuery(.setting, descending: true), ["f", "e", "d", "c", "b", "a"]),
        (RecordQuery(.setting, scope: "x"), ["c", "a", "d", "e"]),
        (RecordQuery(.setting, scope: "x", descending: true), ["e", "d", "a", "c"]),
        (RecordQuery(.setting, scope: ""), ["f"]),
        (RecordQuery(.setting, scope: "z"), []),
        (RecordQuery(.setting, group: "g"), ["c", "d", "b"]),
        (RecordQuery(.setting, group: "h", descending: true), ["a", "f"]),
        (RecordQuery(.setting, group: ""), []),
        (RecordQuery(.setting, scope: "x", group: "g"), ["c", "d"]),
        (RecordQuery(.setting, scope: "y", group: "h"), []),
        (RecordQuery(.job), []),
    ]

    @Test(arguments: Driver.allCases)
    func everyListIsOrderedAndPagesJoinUp(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            try await catalog.commit(Transaction(epoch: epoch, writes: Self.writes))
            for (query, expected) in Self.queries {
                #expect(try await catalog.records(query).map(\.key.key) == expected, "\(query)")
                for size in 1...3 {
                    var page = query
                    page.limit = size
                    var keys: [String] = []
                    repeat {
                        let records = try await catalog.records(page)
                        keys += records.map(\.key.key)
                        page.after = records.last.map { .init(order: $0.order, key: $0.key.key) }
                        #expect(records.count <= size)
                    } while page.after != nil
                    #expect(keys == expected, "in pages of \(size): \(query)")
                }
            }
            #expect(try await catalog.records(RecordQuery(.setting, limit: 0)).isEmpty)
            #expect(try await catalog.records(RecordQuery(.setting, limit: -1)).isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func journalsAreNumberedInTheOrderOfWriting(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            let (one, two) = (try testJob(1), try testJob(2))
            let at = Timestamp(milliseconds: 1234)
            try await catalog.commit(
                Transaction(
                    epoch: epoch,
                    writes: [
                        .journal(one, at: at, entry: [1]), .journal(two, at: at, entry: [2]),
                        .journal(one, at: at, entry: []),
                    ]))
            try await catalog.commit(Transaction(epoch: epoch, writes: [.journal(one, at: at, entry: [4])]))
            let entries = try await catalog.journal(of: one, after: 0, limit: 10)
            #expect(entries.map(\.entry) == [[1], [], [4]])
            #expect(entries.map(\.number) == entries.map(\.number).sorted())
            #expect(Set(entries.map(\.number)).count == 3)
            #expect(entries.allSatisfy { $0.job == one && $0.at == at })
            #expect(try await catalog.journal(of: one, after: entries[0].number, limit: 1) == [entries[1]])
            #expect(try await catalog.journal(of: one, after: entries[2].number, limit: 1).isEmpty)
            #expect(try await catalog.journal(of: one, after: 0, limit: 0).isEmpty)
            #expect(try await catalog.journal(of: two, after: 0, limit: 10).map(\.entry) == [[2]])
            #expect(try await catalog.journal(of: try testJob(3), after: 0, limit: 10).isEmpty)
        }
    }
}

import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct TableComparisonTests {
    private let store = MemoryStore()
    private let counts = DatabaseCounts(serverVersion: "15.3", tables: 1, rows: 1, largeObjects: 0)

    /// A dump of a head of 10 bytes, then a chunk of 10 for each table.
    private func manifest(
        _ tables: [(name: String, chunk: UInt8, id: Int32, rows: Int64)], seed: UInt64
    ) async throws -> ManifestReader<MemoryStore> {
        var writer = try DatabaseManifestWriter(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.database),
            createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(seed))
        try writer.add([Samples.chunk(200)] + tables.map { Samples.chunk($0.chunk) })
        let found = tables.enumerated().map { index, table in
            DumpTable(
                schema: "public", name: table.name, dumpID: table.id, offset: Int64(10 * (index + 1)), length: 10,
                rows: table.rows)
        }
        let object = try writer.finish(tables: found, Samples.summary(.database(counts)))
        try await store.put(object)
        return try await ManifestReader.open(
            source: store, keys: Samples.keys, project: Samples.project, name: object.name)
    }

    @Test func whatDiffersIsTold() async throws {
        let old = try await manifest(
            [
                ("same", 1, 1, 3), ("gone", 2, 2, 4), ("changed", 3, 3, 5), ("edited", 4, 4, 6), ("shifted", 5, 5, 7),
                ("void", 10, 6, 0),
            ],
            seed: 1)
        let new = try await manifest(
            [
                ("same", 1, 1, 3), ("changed", 6, 3, 9), ("edited", 7, 4, 6), ("shifted", 8, 6, 7), ("void", 11, 7, 0),
                ("added", 9, 8, 1),
            ],
            seed: 2)
        let comparison = try await TableComparison(from: old, to: new)
        #expect(
            comparison.tables.map { "\($0.change) \($0.name)" } == [
                "added added", "changed changed", "changed edited", "removed gone", "unclear shifted",
            ])
        #expect(comparison.tables[1].old?.rows == 5 && comparison.tables[1].new?.rows == 9)
        #expect(comparison.totals.same == .init(items: 2, bytes: 20))
        #expect(comparison.totals.changed == .init(items: 2, bytes: 20))
        #expect(try await TableComparison(from: new, to: new).tables.isEmpty)
    }

    /// Early dumps may be cut elsewhere: a chunk that holds the end of one table and the beginning of the next counts for both.
    @Test func chunksThatHoldTwoTablesCountForBoth() async throws {
        func manifest(_ middle: UInt8, seed: UInt64) async throws -> ManifestReader<MemoryStore> {
            var writer = try DatabaseManifestWriter(
                project: Samples.project, backup: Samples.backup, service: ServiceReference(.database),
                createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(seed))
            try writer.add([Samples.chunk(1), Samples.chunk(middle), Samples.chunk(3)])
            let tables = [("a", 0), ("b", 15)].map {
                DumpTable(schema: "s", name: $0.0, dumpID: 1, offset: Int64($0.1), length: 15, rows: 1)
            }
            let object = try writer.finish(tables: tables, Samples.summary(.database(counts)))
            try await store.put(object)
            return try await ManifestReader.open(
                source: store, keys: Samples.keys, project: Samples.project, name: object.name)
        }
        let comparison = try await TableComparison(
            from: try await manifest(2, seed: 1), to: try await manifest(4, seed: 2))
        #expect(comparison.tables.map(\.name) == ["a", "b"])
    }
}

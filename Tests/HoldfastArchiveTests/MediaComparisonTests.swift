import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct MediaComparisonTests {
    private let store = MemoryStore()

    private func compare(
        _ old: [MediaEntry], _ new: [MediaEntry], after: [UInt8]? = nil, limit: Int = 1000
    ) async throws -> MediaComparison {
        try await MediaComparison(
            from: try await store.manifest(of: old, seed: 1), to: try await store.manifest(of: new, seed: 2),
            after: after, limit: limit)
    }

    @Test func whatDiffersIsTold() async throws {
        var turned = Samples.entry("mode", Samples.file([Samples.chunk(1)]))
        turned.mode = 0o600
        var touched = Samples.entry("touched", Samples.file([Samples.chunk(1)]))
        touched.modified = FileTime(seconds: 5, nanoseconds: 0)
        let old = [
            Samples.entry(""), Samples.entry("becomes", .symbolicLink(target: [0x61])), Samples.entry("d"),
            Samples.entry("d/gone", Samples.file([Samples.chunk(9)])),
            Samples.entry("link", .symbolicLink(target: [0x61])),
            Samples.entry("mode", Samples.file([Samples.chunk(1)])),
            Samples.entry("new-content", Samples.file([Samples.chunk(1)])),
            Samples.entry("same", Samples.file([Samples.chunk(1)])),
            Samples.entry("touched", Samples.file([Samples.chunk(1)])),
        ]
        let new = [
            Samples.entry(""), Samples.entry("becomes", Samples.file([Samples.chunk(1)])), Samples.entry("d"),
            Samples.entry("e", Samples.file([Samples.chunk(7), Samples.chunk(8)])),
            Samples.entry("link", .symbolicLink(target: [0x62])), turned,
            Samples.entry("new-content", Samples.file([Samples.chunk(2)])),
            Samples.entry("new-content", Samples.file([Samples.chunk(1)]), flags: .earlier),
            Samples.entry("same", Samples.file([Samples.chunk(1)])), touched,
        ]
        let comparison = try await compare(old, new)
        #expect(
            comparison.files.map { "\($0.change) \($0.path)" } == [
                "changed becomes", "removed d/gone", "added e", "changed link", "attributes mode",
                "changed new-content",
            ])
        #expect(comparison.next == nil)
        let totals = comparison.totals
        #expect(totals.added == .init(items: 1, bytes: 20) && totals.removed == .init(items: 1, bytes: 10))
        #expect(totals.changed == .init(items: 3, bytes: 20) && totals.attributes == .init(items: 1, bytes: 10))
        #expect(totals.same == .init(items: 3, bytes: 20))
        #expect(comparison.files[0].old?.kind == .symbolicLink && comparison.files[0].new?.kind == .file)
        #expect(comparison.files[3].old?.target == "a" && comparison.files[3].new?.target == "b")
        // The other way round.
        let back = try await compare(new, old)
        #expect(back.files.map(\.path) == comparison.files.map(\.path))
        #expect(back.totals.added.items == 1 && back.totals.removed == .init(items: 1, bytes: 20))
        let itself = try await compare(new, new)
        #expect(itself.files.isEmpty && itself.totals.same.items == 8)
    }

    /// Random trees, against a comparison that has both in memory.
    @Test(arguments: 1...20) func asOneWhoHasBothInMemory(_ seed: UInt64) async throws {
        let entropy = SeededEntropy(seed)
        func tree() -> [MediaEntry] {
            var entries: [[UInt8]: MediaEntry] = [:]
            for directory in ["a", "a.b", "ab", "b"] {
                guard entropy.bytes(1)[0] > 60 else { continue }
                entries[Array(directory.utf8)] = Samples.entry(directory)
                for number in 0..<30 where entropy.bytes(1)[0] > 128 {
                    let path = "\(directory)/\(number)"
                    entries[Array(path.utf8)] = Samples.entry(
                        path, Samples.file([Samples.chunk(entropy.bytes(1)[0] % 3)]))
                }
            }
            return entries.values.sorted { MediaOrder.precedes($0.path, $1.path) }
        }
        let (old, new) = (tree(), tree())
        let left = Dictionary(uniqueKeysWithValues: old.map { ($0.path, $0) })
        let right = Dictionary(uniqueKeysWithValues: new.map { ($0.path, $0) })
        let expected = Set(left.keys).union(right.keys).sorted { MediaOrder.precedes($0, $1) }
            .filter { left[$0]?.kind != right[$0]?.kind }.map { EscapedPath.text($0) }
        for limit in [1, 3, 1000] {
            var (found, after): ([String], [UInt8]?) = ([], nil)
            var totals: Set<PartDifference.Totals> = []
            repeat {
                let page = try await compare(old, new, after: after, limit: limit)
                #expect(page.files.count <= limit)
                found += page.files.map(\.path)
                totals.insert(page.totals)
                after = page.next
            } while after != nil
            #expect(found == expected)
            #expect(totals.count == 1)
        }
    }
}

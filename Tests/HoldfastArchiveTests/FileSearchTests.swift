import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct FileSearchTests {
    private let store = MemoryStore()

    private func manifest(_ entries: [MediaEntry]) async throws -> ManifestReader<MemoryStore> {
        try await store.manifest(of: entries)
    }

    private var tree: [MediaEntry] {
        [
            Samples.entry(""), Samples.entry("a"), Samples.entry("a/x.jpg", Samples.file([Samples.chunk(1)])),
            Samples.entry("a/x.jpg", Samples.file([Samples.chunk(4)]), flags: .earlier),
            Samples.entry("a/y.jpg", Samples.file([Samples.chunk(1)])),
            Samples.entry("a/z", .symbolicLink(target: [0xff])),
            Samples.entry("b"), Samples.entry("b/x.jpg", Samples.file([Samples.chunk(2)])),
            Samples.entry("c.jpg", .hardLink(first: Array("a/x.jpg".utf8))),
        ]
    }

    private func paths(
        _ pattern: String, _ manifest: ManifestReader<MemoryStore>, after: String? = nil, limit: Int = 100
    ) async throws -> [String] {
        let search = try await FileSearch(
            try PathPattern(pattern), in: manifest, after: after.map { Array($0.utf8) }, limit: limit)
        return search.files.map(\.path)
    }

    @Test func findsWhatMatches() async throws {
        let manifest = try await manifest(tree)
        #expect(try await paths("x.jpg", manifest) == ["a/x.jpg", "b/x.jpg"])
        #expect(try await paths("/a/*", manifest) == ["a/x.jpg", "a/y.jpg", "a/z"])
        #expect(try await paths("*.jpg", manifest) == ["a/x.jpg", "a/y.jpg", "b/x.jpg", "c.jpg"])
        #expect(try await paths("b", manifest) == ["b"])
        #expect(try await paths("/b/x.jpg", manifest) == ["b/x.jpg"])
        #expect(try await paths("*", manifest).count == 7)
        for nothing in ["/x.jpg", "/a/x.jp", "q", "/a/x.jpg/y"] { #expect(try await paths(nothing, manifest) == []) }
    }

    @Test func contentIsAlikeWhereChunksAre() async throws {
        let search = try await FileSearch(
            try PathPattern("**"), in: try await manifest(tree), after: nil, limit: 100)
        let content = Dictionary(uniqueKeysWithValues: search.files.map { ($0.path, $0.content) })
        #expect(content["a/x.jpg"] == content["a/y.jpg"] && content["a/x.jpg"] != content["b/x.jpg"])
        #expect(content["a"] == .some(nil) && content["c.jpg"] == .some(nil))
        let link = search.files.first { $0.path == "a/z" }
        #expect(link?.kind == .symbolicLink && link?.target == "\\xff")
    }

    @Test(arguments: [1, 2, 3, 7]) func pagesTogetherAreAll(_ limit: Int) async throws {
        let manifest = try await manifest(tree)
        var (found, after): ([String], [UInt8]?) = ([], nil)
        while true {
            let page = try await FileSearch(try PathPattern("*"), in: manifest, after: after, limit: limit)
            found += page.files.map(\.path)
            #expect(page.files.count <= limit)
            guard page.isCut else { break }
            after = page.files.last.map { Array($0.path.utf8) }
        }
        #expect(found == ["a", "a/x.jpg", "a/y.jpg", "a/z", "b", "b/x.jpg", "c.jpg"])
    }

    @Test func readsNoFurtherThanItHasTo() async throws {
        let manifest = try await manifest(
            (10_000..<40_000).map { Samples.entry("f\($0)", Samples.file([Samples.chunk(1)])) })
        let before = store.reads
        #expect(try await paths("/f10005", manifest) == ["f10005"])
        let few = store.reads - before
        #expect(try await paths("f10005", manifest) == ["f10005"])
        #expect(few < 5 && store.reads - before - few > 5)
    }

    @Test func longPathsEndAPageEarly() async throws {
        let target = [UInt8](repeating: 0x78, count: 60_000)
        let manifest = try await manifest((10..<30).map { Samples.entry("l\($0)", .symbolicLink(target: target)) })
        let page = try await FileSearch(try PathPattern("l*"), in: manifest, after: nil, limit: 1000)
        #expect(page.files.count == 5 && page.isCut)
    }
}

extension MemoryStore {
    /// Stores a manifest of these entries and opens it.
    func manifest(of entries: [MediaEntry], seed: UInt64 = 31) async throws -> ManifestReader<MemoryStore> {
        var writer = try MediaManifestWriter(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.media),
            createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(seed))
        for entry in entries { try writer.add(entry) }
        let object = try writer.finish(Samples.summary())
        try await put(object)
        return try await ManifestReader.open(
            source: self, keys: Samples.keys, project: Samples.project, name: object.name)
    }
}

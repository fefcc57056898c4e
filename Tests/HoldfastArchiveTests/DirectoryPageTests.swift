import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct DirectoryPageTests {
    private let store = MemoryStore()

    private func manifest(_ entries: [MediaEntry]) async throws -> ManifestReader<MemoryStore> {
        var writer = try MediaManifestWriter(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.media),
            createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(31))
        for entry in entries { try writer.add(entry) }
        let object = try writer.finish(Samples.summary())
        try await store.put(object)
        return try await ManifestReader.open(
            source: store, keys: Samples.keys, project: Samples.project, name: object.name)
    }

    private var tree: [MediaEntry] {
        [
            Samples.entry(""), Samples.entry("a"), Samples.entry("a/b"),
            Samples.entry("a/b/deep", Samples.file([Samples.chunk(1)])),
            Samples.entry("a/c", Samples.file([Samples.chunk(2), Samples.chunk(3)])),
            Samples.entry("a/c", Samples.file([Samples.chunk(4)]), flags: .earlier),
            Samples.entry("a/l", .symbolicLink(target: [0xff, 0x5c])),
            Samples.entry("a.b", .hardLink(first: Array("a/c".utf8))), Samples.entry("ab"),
            Samples.entry("ab/x", Samples.file([]), flags: .vanished),
        ]
    }

    private func names(_ path: String, _ manifest: ManifestReader<MemoryStore>) async throws -> [String] {
        try await DirectoryPage(of: Array(path.utf8), in: manifest, from: nil, limit: 1000).files.map(\.name)
    }

    @Test func onlyWhatIsInTheDirectory() async throws {
        let manifest = try await manifest(tree)
        #expect(try await names("", manifest) == ["a", "a.b", "ab"])
        #expect(try await names("a", manifest) == ["b", "c", "c", "l"])
        #expect(try await names("a/b", manifest) == ["deep"])
        #expect(try await names("ab", manifest) == ["x"])
        // What is no directory is told by itself.
        #expect(try await names("a/c", manifest) == ["c"])
        #expect(try await names("a.b", manifest) == ["a.b"])
        for path in ["b", "a/", "a/b/c", "zz", "a/bb"] {
            let error = await #expect(throws: HoldfastError.self) { try await names(path, manifest) }
            #expect(error?.code == .notFound, "\(path)")
        }
    }

    @Test func whatIsToldOfThem() async throws {
        let manifest = try await manifest(tree)
        let root = try await DirectoryPage(of: [], in: manifest, from: nil, limit: 10).files
        #expect(root.map(\.kind) == [.directory, .hardLink, .directory])
        #expect(root[1].target == "a/c" && root[1].bytes == nil)
        let files = try await DirectoryPage(of: [0x61], in: manifest, from: nil, limit: 10).files
        #expect(files.map(\.bytes) == [nil, 20, 10, nil])
        #expect(files.map(\.remarks) == [nil, nil, [.earlier], nil])
        #expect(files[3].kind == .symbolicLink && files[3].target == "\\xff\\\\")
        #expect(files[1].mode == 0o755 && files[1].owner == 1000 && files[1].group == 100)
        #expect(files[1].modifiedAt == Timestamp(milliseconds: 1_790_000_000_000))
        let vanished = try await DirectoryPage(of: Array("ab".utf8), in: manifest, from: nil, limit: 10).files
        #expect(vanished[0].remarks == [.vanished] && vanished[0].bytes == 0)
    }

    /// A directory of many names, with much below some of them.
    @Test(arguments: [1, 7, 1000]) func pagesTogetherAreTheDirectory(_ limit: Int) async throws {
        var entries = [Samples.entry("d")]
        var expected: [String] = []
        for number in 1000..<(limit == 1 ? 1030 : 4000) {
            entries.append(Samples.entry("d/\(number)"))
            expected.append("\(number)")
            if number % 7 == 0 { entries.append(Samples.entry("d/\(number)/below")) }
        }
        let manifest = try await manifest(entries + [Samples.entry("e")])
        var found: [String] = []
        var (place, pages): (ManifestPosition?, Int) = (nil, 0)
        repeat {
            let page = try await DirectoryPage(of: [0x64], in: manifest, from: place, limit: limit)
            #expect(page.files.count <= limit)
            found += page.files.map(\.name)
            // As it goes to people and comes back.
            let text = page.next?.text
            place = text.flatMap { ManifestPosition(text: $0) }
            #expect(place == page.next)
            pages += 1
        } while place != nil
        #expect(found == expected)
        #expect(pages == (expected.count + limit - 1) / limit)
    }

    /// The next page does not begin to read at the beginning.
    @Test func aPageReadsOnlyWhatIsItsOwn() async throws {
        let entries = (10_000..<40_000).map { Samples.entry("f\($0)", Samples.file([Samples.chunk(1)])) }
        let manifest = try await manifest(entries)
        let all = try await DirectoryPage(of: [], in: manifest, from: nil, limit: 29_990)
        let (place, before) = (all.next, store.reads)
        #expect(place != nil)
        let last = try await DirectoryPage(of: [], in: manifest, from: place, limit: 100)
        #expect(last.files.map(\.name) == (39_990..<40_000).map { "f\($0)" } && last.next == nil)
        #expect(store.reads - before < 5)
    }

    @Test func longNamesEndAPageEarly() async throws {
        let target = [UInt8](repeating: 0x78, count: 60_000)
        let entries = (10..<30).map { Samples.entry("l\($0)", .symbolicLink(target: target)) }
        let page = try await DirectoryPage(of: [], in: try await manifest(entries), from: nil, limit: 1000)
        #expect(page.files.count == 5 && page.next != nil)
    }

    /// Places come from outside: whatever they are, nothing but an error comes of it.
    @Test func aPlaceThatIsNoneIsRefused() async throws {
        let entries = (0..<60_000).map { Samples.entry("f\(10_000 + $0)") }
        let manifest = try await manifest(entries)
        let good = try #require(try await DirectoryPage(of: [], in: manifest, from: nil, limit: 3000).next)
        for text in ["", "0", "zz", good.text + "00", String(good.text.dropLast(2))] {
            #expect(ManifestPosition(text: text) == nil, "\(text)")
        }
        var places: [ManifestPosition] = []
        for skip in [UInt32.max, 1 << 20, good.skip + 1] {
            places.append(ManifestPosition(offset: good.offset, block: good.block, skip: skip))
        }
        for offset in [0, 1, good.offset + 1, .max] as [UInt64] {
            places.append(ManifestPosition(offset: offset, block: good.block, skip: good.skip))
        }
        places.append(ManifestPosition(offset: good.offset, block: good.block + 1, skip: 0))
        places.append(ManifestPosition(offset: good.offset, block: .max, skip: 0))
        for place in places {
            let before = store.reads
            await #expect(throws: HoldfastError.self, "\(place)") {
                _ = try await DirectoryPage(of: [], in: manifest, from: place, limit: 10)
            }
            #expect(store.reads - before < 5, "\(place)")
        }
    }
}

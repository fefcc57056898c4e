import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct ManifestTests {
    private func write(_ entries: [MediaEntry]) throws -> SealedObject {
        var writer = try MediaManifestWriter(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.media),
            createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(31))
        for entry in entries { try writer.add(entry) }
        return try writer.finish(Samples.summary())
    }

    private func read(_ name: ObjectName, _ store: MemoryStore, keys: ProjectKeys = Samples.keys) async throws
        -> [MediaEntry]
    {
        let manifest = try await ManifestReader.open(
            source: store, keys: keys, project: Samples.project, name: name)
        var reader = try manifest.media()
        var entries: [MediaEntry] = []
        while let entry = try await reader.next() { entries.append(entry) }
        return entries
    }

    private var tree: [MediaEntry] {
        [
            Samples.entry(""), Samples.entry("a"),
            Samples.entry("a/b", Samples.file([Samples.chunk(1), Samples.chunk(2)])),
            Samples.entry("a/b", Samples.file([Samples.chunk(3)]), flags: .earlier),
            Samples.entry("a/l", .symbolicLink(target: [0xff])),
            Samples.entry("a.b", .hardLink(first: Array("a/b".utf8))),
            Samples.entry("f", .fifo), Samples.entry("g", .socket), Samples.entry("h", .characterDevice(1)),
            Samples.entry("i", .blockDevice(2)),
        ]
    }

    @Test func mediaComesBack() async throws {
        let store = MemoryStore()
        let object = try write(tree)
        try await store.put(object)
        #expect(try await read(object.name, store) == tree)
        #expect(ObjectCheck.kind(ofPrefix: object.bytes) == .manifest)
        #expect(try ManifestHeader(decoding: object.bytes).backup == Samples.backup)
        await #expect(throws: HoldfastError.self) { try await read(object.name, store, keys: Samples.otherKeys) }
    }

    @Test func anotherProjectsIsRefusedEvenWithItsKeys() async throws {
        let store = MemoryStore()
        let object = try write(tree)
        try await store.put(object)
        await #expect(throws: HoldfastError.self) {
            try await ManifestReader.open(
                source: store, keys: Samples.keys, project: Samples.otherProject, name: object.name)
        }
    }

    @Test func manyEntriesSpanBlocks() async throws {
        let store = MemoryStore()
        let chunks = (0..<40_000).map { Samples.chunk(UInt8($0 & 255), UInt32($0 + 1)) }
        let entries =
            [Samples.entry("big", Samples.file(chunks))] + (0..<5000).map { Samples.entry("d\(100_000 + $0)") }
        let object = try write(entries)
        try await store.put(object)
        #expect(try await read(object.name, store) == entries)
    }

    @Test func everyDamageIsFound() async throws {
        let store = MemoryStore()
        let object = try write([Samples.entry("x", Samples.file([Samples.chunk(1)]))])
        try await store.put(object)
        for index in object.bytes.indices {
            for bit in 0..<8 {
                var flipped = object.bytes
                flipped[index] ^= 1 << bit
                store.replace(object.name, bytes: flipped)
                await #expect(throws: HoldfastError.self, "bit \(bit) of byte \(index)") {
                    try await read(object.name, store)
                }
            }
            store.replace(object.name, bytes: Array(object.bytes[..<index]))
            await #expect(throws: HoldfastError.self, "cut at \(index)") { try await read(object.name, store) }
        }
    }

    @Test func everyDamageOfADatabasesIsFound() async throws {
        let store = MemoryStore()
        var writer = try DatabaseManifestWriter(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.database),
            createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(33))
        try writer.add([Samples.chunk(1, 100)])
        let table = DumpTable(schema: "public", name: "a", dumpID: 3, offset: 10, length: 90, rows: 4)
        let object = try writer.finish(tables: [table], Samples.summary())
        try await store.put(object)
        func readAll() async throws {
            let database = try await ManifestReader.open(
                source: store, keys: Samples.keys, project: Samples.project, name: object.name
            ).database()
            #expect(try await database.tables() == [table])
            var references = database.references()
            while let reference = try await references.next() { #expect(reference == Samples.chunk(1, 100)) }
        }
        try await readAll()
        for index in object.bytes.indices {
            for bit in 0..<8 {
                var flipped = object.bytes
                flipped[index] ^= 1 << bit
                store.replace(object.name, bytes: flipped)
                await #expect(throws: HoldfastError.self, "bit \(bit) of byte \(index)") { try await readAll() }
            }
            store.replace(object.name, bytes: Array(object.bytes[..<index]))
            await #expect(throws: HoldfastError.self, "cut at \(index)") { try await readAll() }
        }
    }

    @Test(arguments: [
        [Samples.entry("../x")], [Samples.entry("/x")], [Samples.entry("a//b")], [Samples.entry("a\u{0}")],
        [Samples.entry("a/b")], [Samples.entry("b"), Samples.entry("a")], [Samples.entry("a"), Samples.entry("a")],
        [Samples.entry("a", .fifo), Samples.entry("a/b")], [Samples.entry("a/")],
        [Samples.entry("."), Samples.entry("b")],
        [Samples.entry("", .fifo)], [Samples.entry("a", .hardLink(first: Array("b".utf8)))],
        [Samples.entry("a", .symbolicLink(target: []))],
        [Samples.entry("a", .file(size: 5, extents: [.init(offset: 0, length: 6)], chunks: [Samples.chunk(1, 6)]))],
        [Samples.entry("a", .file(size: 5, extents: [.init(offset: 0, length: 5)], chunks: [Samples.chunk(1, 4)]))],
    ]) func impossibleEntriesAreRefused(entries: [MediaEntry]) {
        #expect(throws: HoldfastError.self) { try write(entries) }
    }

    @Test func databaseComesBack() async throws {
        let store = MemoryStore()
        let references = (0..<3000).map { Samples.chunk(UInt8($0 & 255), 100) }
        let tables = [
            DumpTable(schema: "public", name: "a", dumpID: 3, offset: 10, length: 100, rows: 4),
            DumpTable(schema: "s", name: "ü", dumpID: 4, offset: 110, length: 0, rows: 0),
        ]
        var writer = try DatabaseManifestWriter(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.database),
            createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(32))
        try writer.add(references)
        var summary = Samples.summary()
        summary.facts = DatabaseFacts(serverVersion: "15.4", settings: ["encoding": "UTF8"], roles: ["shop"])
        let object = try writer.finish(tables: tables, summary)
        try await store.put(object)
        let manifest = try await ManifestReader.open(
            source: store, keys: Samples.keys, project: Samples.project, name: object.name)
        #expect(manifest.summary == summary)
        let database = try manifest.database()
        #expect(try await database.tables() == tables)
        #expect(database.dumpBytes == 300_000)
        var stream = database.references()
        var got: [ChunkReference] = []
        while let reference = try await stream.next() { got.append(reference) }
        #expect(got == references)
        #expect(throws: HoldfastError.self) { try manifest.media() }
    }
}

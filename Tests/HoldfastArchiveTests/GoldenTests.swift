import HoldfastModel
import Testing

@testable import HoldfastArchive

/// The bytes in docs/formats.md: a change here is a change of a format, and needs a new version.
@Suite struct GoldenTests {
    /// Naming key: 32 bytes of 11; sealing key 1: 32 bytes of 22. Salts: 32 bytes of 33.
    struct Fixed: Entropy {
        let byte: UInt8

        func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }
    }

    static func keys() throws -> ProjectKeys {
        // The serialised text ends in a checksum, so the test states what the document does.
        try ProjectKeys(serialized: Secret(GoldenBytes.keys))
    }

    private let chunks: [[UInt8]] = [Array("hello ".utf8), Array("world".utf8)]

    private func shard(_ store: MemoryStore) async throws -> ArchiveSummary {
        try await withArchiveWriter(
            project: Samples.project, keys: Self.keys(), index: EmptyLookup(), sink: store, entropy: Fixed(byte: 0x33)
        ) { writer in
            for chunk in chunks { _ = try await writer.store(chunk) }
        }.summary
    }

    @Test func documentShowsTheseBytes() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try PosixIndexFiles(directory: "/\(root)/docs").map("formats.md")
        let text = withExtendedLifetime(file) { String(decoding: $0.bytes, as: UTF8.self) }
        let joined = text.filter { $0 != "\n" }
        for bytes in [
            GoldenBytes.keys, GoldenBytes.chunkName, GoldenBytes.shard, GoldenBytes.index, GoldenBytes.references,
            GoldenBytes.manifest,
        ] {
            #expect(joined.contains("```\(bytes)```"))
        }
    }

    @Test func derivedKeys() throws {
        let keys = try Self.keys()
        let name = chunks[0].withUnsafeBytes { keys.namer.name(of: $0) }
        #expect(name.bytes.hexadecimal == GoldenBytes.chunkName)
        #expect(String(keys.gearTable.values[0], radix: 16) == GoldenBytes.gear0)
        #expect(keys.serialized.revealed == GoldenBytes.keys)
    }

    @Test func shardBytes() async throws {
        let store = MemoryStore()
        let name = try #require(try await shard(store).shards.first)
        let bytes = try store.object(.shard, name).bytes.hexadecimal
        #expect(bytes == GoldenBytes.shard)
        #expect(name.description == GoldenBytes.shardName)
    }

    @Test func referenceListBytes() throws {
        let names = [UInt8(0x44), 0x55].map { ObjectName(bytes: [UInt8](repeating: $0, count: 32)) }
        let list = ReferenceList(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.media), manifest: names[0],
            shards: names)
        let bytes = try list.sealed(Self.keys()).bytes.hexadecimal
        #expect(bytes == GoldenBytes.references)
    }

    @Test func indexBytes() async throws {
        let summary = try await shard(MemoryStore())
        try await Samples.withDirectory { directory in
            let files = PosixIndexFiles(directory: directory)
            _ = try ChunkIndex.write("i", in: files, project: Samples.project, additions: summary.entries)
            let file = try files.map("i")
            #expect(withExtendedLifetime(file) { Array($0.bytes).hexadecimal } == GoldenBytes.index)
        }
    }

    /// Read, not written: the compressed form of the summary is zstd's to choose.
    @Test func manifestBytes() async throws {
        let store = MemoryStore()
        let entry = Samples.entry("a", Samples.file([Samples.chunk(1)]))
        let object = SealedObject(kind: .manifest, bytes: try #require([UInt8](hexadecimal: GoldenBytes.manifest)))
        try await store.put(object)
        let manifest = try await ManifestReader.open(
            source: store, keys: Self.keys(), project: Samples.project, name: object.name)
        #expect(manifest.summary == Samples.summary())
        var reader = try manifest.media()
        #expect(try await reader.next() == entry)
        #expect(try await reader.next() == nil)
    }
}

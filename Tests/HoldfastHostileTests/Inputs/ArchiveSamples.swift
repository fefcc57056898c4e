import HoldfastModel

@testable import HoldfastArchive

/// Good values of the archive's formats.
enum ArchiveSamples {
    struct Zeros: Entropy {
        func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }
    }

    static let project = id("01aaaaaaaaaa") as ProjectID
    static let backup = id("01cccccccccc") as BackupID
    static let job = id("01dddddddddd") as JobID
    static let keys = ProjectKeys(generatedFrom: Zeros())
    static let clusterKey = ClusterKey(generatedFrom: Zeros())
    static let name = ObjectName(bytes: [UInt8](repeating: 9, count: 32))
    static let manifestHeader = header(.media)
    static let databaseHeader = header(.database)
    static let created = Timestamp(milliseconds: 1_790_000_000_000)
    static let summary = ManifestSummary(
        startedAt: created, endedAt: created, counts: .media(MediaCounts()), warnings: Warnings(), sizes: PartSizes(),
        notes: ["trigger": "scheduled"])
    static let content = [UInt8](repeating: 5, count: 10)
    static let chunk = ChunkReference(name: content.withUnsafeBytes { keys.namer.name(of: $0) }, length: 10)
    static let table = DumpTable(schema: "public", name: "a", dumpID: 3, offset: 10, length: 90, rows: 4)

    private static func id<Of>(_ text: String) -> ID<Of> {
        guard let id = ID<Of>(text) else { preconditionFailure("\(text) is no identifier") }
        return id
    }

    private static func header(_ kind: ServiceKind) -> ManifestHeader {
        ManifestHeader(
            project: project, backup: backup, service: ServiceReference(kind), createdAt: created, sealingKey: 1,
            salt: [UInt8](repeating: 3, count: 32))
    }

    static var entries: [MediaEntry] {
        func entry(_ path: String, _ kind: MediaEntry.Kind) -> MediaEntry {
            MediaEntry(
                path: Array(path.utf8), kind: kind, mode: 0o755, owner: 1000, group: 100,
                modified: FileTime(seconds: 1_790_000_000, nanoseconds: 5),
                changed: FileTime(seconds: -1, nanoseconds: 999_999_999), device: 8, inode: 77,
                attributes: [.init(name: Array("user.k".utf8), value: [1, 2, 3])], flags: [])
        }
        return [
            entry("a", .directory),
            entry("a/b", .file(size: 10, extents: [.init(offset: 0, length: 10)], chunks: [chunk])),
            entry("a/l", .symbolicLink(target: [0xff])), entry("a.b", .hardLink(first: Array("a/b".utf8))),
            entry("f", .fifo), entry("h", .characterDevice(1)),
        ]
    }

    static var manifestEnd: [UInt8] { (try? ManifestTrailer(summary: summary).bytes()) ?? [] }

    static var manifests: [[UInt8]] {
        func records(_ records: [[UInt8]]) -> [UInt8] {
            var writer = ByteWriter()
            for record in records { writer.long(record) }
            return writer.bytes
        }
        var run = ByteWriter()
        run.name(chunk.name)
        run.integer(chunk.length)
        let media = records(entries.compactMap { try? $0.record() })
        return [
            [0, 1, 6, 1, 10, 0, 0, 0, 0, 0] + media,
            [1, 1, 0, 1, 10, 1, 1, 0, 0, 0] + records([run.bytes]),
            [1, 1, 1, 0, 255, 0, 0, 0, 0, 0] + records([table.record()]),
        ]
    }

    static func shardIndex(sealed: Int) -> ShardIndex {
        var index = ShardIndex()
        index.segments = [.init(sealedLength: UInt32(sealed), plainLength: 10, form: 0, chunks: [chunk])]
        return index
    }

    static var shards: [[UInt8]] { [Parts.joined([shardIndex(sealed: 26).bytes, content])] }

    /// A shard and a manifest as they are stored, after a byte for the harness.
    static var objects: [[UInt8]] {
        do {
            var shard = try ShardBuilder(project: project, keys: keys, salt: manifestHeader.salt, capacity: 1000)
            try shard.add(PackedSegment(packed: Packed(packing: content), plainLength: 10, chunks: [chunk]))
            var manifest = try MediaManifestWriter(
                project: project, backup: backup, service: manifestHeader.service, createdAt: created, keys: keys,
                entropy: Zeros())
            for entry in entries { try manifest.add(entry) }
            return [try shard.finish().object.bytes, try manifest.finish(summary).bytes].map { [255] + $0 }
        } catch {
            return []
        }
    }

    static var packed: [[UInt8]] {
        let plain = [UInt8](repeating: 5, count: 1280)
        return [[1, 0, 10] + Packed(packing: plain).bytes, [0, 0, 10] + plain]
    }

    static var references: [UInt8] {
        let list = ReferenceList(
            project: project, backup: backup, service: manifestHeader.service, manifest: name,
            shards: [name, ObjectName(bytes: [UInt8](repeating: 2, count: 32))])
        return (try? list.sealed(keys).bytes) ?? []
    }

    static var tombstone: [UInt8] {
        Tombstone(project: project, backup: backup, removedAt: created).sealed(keys).bytes
    }

    /// An index file up to its hash.
    static var indexBody: [UInt8] {
        var writer = ByteWriter()
        writer.raw(IndexLayout.header(project))
        for number in [UInt8(1), 7] {
            writer.name(ChunkName(bytes: [UInt8](repeating: number, count: 32)))
            for value in [UInt32(0), 0, 0, 10] { writer.integer(value) }
        }
        writer.raw(name.bytes)
        writer.integer(UInt64(2))
        writer.integer(UInt32(1))
        return writer.bytes
    }

    static var sealedSecrets: [[UInt8]] {
        let sealed = try? clusterKey.seal(Secret("x"), purpose: "test", entropy: Zeros())
        return [Array((sealed?.sealed ?? "").utf8)]
    }
}

import HoldfastArchive
import HoldfastModel

/// A part with media of every kind, stored in memory, and what its files hold.
struct SampleTree {
    let store = MemoryStore()
    private(set) var entries: [MediaEntry] = []
    private(set) var contents: [[UInt8]: [UInt8]] = [:]
    private(set) var manifest: ManifestReader<MemoryStore>

    /// Names in bytes: text, control characters, no UTF-8, over all limits of a plain header.
    static let hostile: [[UInt8]] = [
        Array("a\nb".utf8), [0x62, 0xff, 0xfe], Array("c\\d\te".utf8), Array("-rf".utf8), Array(" leading".utf8),
        Array("ä€😀".utf8), Array((String(repeating: "long", count: 60) + "1").utf8),
    ]

    static func make(topLevel: [String] = []) async throws -> SampleTree {
        var files: [([UInt8], [UInt8], [MediaEntry.Extent]?)] = []
        for (number, name) in hostile.enumerated() {
            files.append((Array("names/".utf8) + name, bytes(100 * number, seed: UInt64(number)), nil))
        }
        let deep = Array(String(repeating: "directory-of-some-length/", count: 11).utf8)
        files.append((deep + Array("deep.bin".utf8), bytes(5000, seed: 20), nil))
        files.append((Array("empty".utf8), [], nil))
        files.append((Array("block".utf8), bytes(512, seed: 21), nil))
        files.append((Array("large".utf8), bytes(300_000, seed: 22), nil))
        files.append(
            (
                Array("small-hole".utf8), bytes(700, seed: 23),
                [.init(offset: 0, length: 200), .init(offset: 1000, length: 500)]
            ))
        files.append(
            (
                Array("sparse".utf8), bytes(9000, seed: 24),
                [
                    .init(offset: 100, length: 1000), .init(offset: 1200, length: 3000),
                    .init(offset: 2_000_000, length: 5000),
                ]
            ))
        files.append((Array("sparse-end".utf8), bytes(1000, seed: 25), [.init(offset: 1_500_001, length: 1000)]))
        files.append((Array("hole".utf8), [], []))
        for name in topLevel { files.append((Array(name.utf8), Array(name.utf8), nil)) }
        return try await SampleTree(files, sizes: ["sparse": 2_005_000, "sparse-end": 1_501_001, "hole": 3_000_000])
    }

    private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] { SeededEntropy(seed).bytes(count) }

    private init(_ files: [([UInt8], [UInt8], [MediaEntry.Extent]?)], sizes: [String: UInt64]) async throws {
        let store = store
        var entries: [[UInt8]: MediaEntry] = [[]: Samples.entry("")]
        var contents: [[UInt8]: [UInt8]] = [:]
        let (stored, _) = try await withArchiveWriter(
            project: Samples.project, keys: Samples.keys, index: EmptyLookup(), sink: store, entropy: SeededEntropy(3),
            configuration: Samples.small
        ) { writer in
            var all: [[UInt8]: [ChunkReference]] = [:]
            for (path, content, _) in files {
                var references: [ChunkReference] = []
                // Chunks of any length: one may end in the middle of an extent, or span several.
                for start in stride(from: 0, to: content.count, by: 977) {
                    references.append(try await writer.store(Array(content[start..<min(start + 977, content.count)])))
                }
                all[path] = references
            }
            return all
        }
        for (path, content, extents) in files {
            let size =
                sizes[String(decoding: path, as: UTF8.self)]
                ?? extents?.last.map { $0.offset + $0.length } ?? UInt64(content.count)
            let extents = extents ?? (content.isEmpty ? [] : [.init(offset: 0, length: UInt64(content.count))])
            var whole = [UInt8](repeating: 0, count: Int(size))
            var at = 0
            for extent in extents {
                let (offset, length) = (Int(extent.offset), Int(extent.length))
                whole.replaceSubrange(offset..<offset + length, with: content[at..<at + length])
                at += length
            }
            contents[path] = whole
            entries[path] = Self.entry(path, .file(size: size, extents: extents, chunks: stored[path] ?? []))
        }
        for path in Array(entries.keys) {
            var parent = path
            while let slash = parent.lastIndex(of: UInt8(ascii: "/")) {
                parent = Array(parent[..<slash])
                entries[parent] = Self.entry(parent, .directory)
            }
        }
        let further: [(String, MediaEntry.Kind)] = [
            ("link", .symbolicLink(target: Array("names/x".utf8))),
            ("link-far", .symbolicLink(target: Array(String(repeating: "../far", count: 40).utf8))),
            ("same-as-block", .hardLink(first: Array("block".utf8))), ("pipe", .fifo), ("socket", .socket),
            ("null", .characterDevice(0x103)),
        ]
        for (name, kind) in further { entries[Array(name.utf8)] = Self.entry(Array(name.utf8), kind) }
        entries[Array("empty".utf8)]?.modified = FileTime(seconds: -2, nanoseconds: 500_000_000)
        entries[Array("empty".utf8)]?.owner = 3_000_000
        entries[Array("block".utf8)]?.attributes.append(
            .init(name: Array("user.odd=%name".utf8), value: Array("line\nend\0".utf8)))

        self.entries = entries.values.sorted { MediaOrder.precedes($0.path, $1.path) }
        self.contents = contents
        var writer = try MediaManifestWriter(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.media),
            createdAt: Samples.created, keys: Samples.keys, entropy: SeededEntropy(5))
        for entry in self.entries {
            try writer.add(entry)
            if entry.path == Array("large".utf8) {
                var earlier = entry
                earlier.flags = .earlier
                try writer.add(earlier)
            }
        }
        let object = try writer.finish(Samples.summary())
        try await store.put(object)
        manifest = try await ManifestReader.open(
            source: store, keys: Samples.keys, project: Samples.project, name: object.name)
    }

    private static func entry(_ path: [UInt8], _ kind: MediaEntry.Kind) -> MediaEntry {
        var entry = Samples.entry("x", kind)
        entry.path = path
        if case .file = kind { entry.mode = 0o640 }
        return entry
    }

    /// The layout of its tar, with the list of contents stored beside.
    func tar() async throws -> DownloadLayout {
        let plan = TarPlan(manifest: manifest, archive: archive)
        let (made, summary) = try await withArchiveWriter(
            project: Samples.project, keys: Samples.keys, index: EmptyLookup(), sink: store, entropy: SeededEntropy(8),
            configuration: Samples.small
        ) { writer in
            var content = writer.content(.media)
            var references: [ChunkReference] = []
            let outcome = try await plan.make(
                subject: "shop/live",
                list: { bytes in
                    try await content.write(bytes)
                    references += content.takeReferences()
                }, progress: { _, _ in })
            references += try await content.finish()
            try await content.write(ChunkReference.bytes(of: references))
            return (outcome: outcome, chunks: try await content.finish())
        }
        return made.outcome.layout(chunks: made.chunks, shards: summary.shards)
    }

    /// A new one each time: it keeps nothing that it read.
    private var archive: ArchiveReader<MemoryStore> {
        ArchiveReader(source: store, keys: Samples.keys, project: Samples.project, shards: store.shardNames)
    }

    func stream(_ layout: DownloadLayout) -> DownloadStream<MemoryStore> {
        DownloadStream(layout: layout, manifest: manifest, archive: archive)
    }

    func read(_ layout: DownloadLayout, _ range: Range<UInt64>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await stream(layout).read(range) { bytes += $0 }
        return bytes
    }
}

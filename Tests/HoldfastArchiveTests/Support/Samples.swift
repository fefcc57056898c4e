import Glibc
import HoldfastArchive
import HoldfastModel
import Synchronization

/// Repeatable randomness: SplitMix64.
final class SeededEntropy: Entropy {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) { state = Mutex(seed) }

    func bytes(_ count: Int) -> [UInt8] {
        state.withLock { state in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count + 8)
            while bytes.count < count {
                state &+= 0x9e37_79b9_7f4a_7c15
                var word = state
                word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
                word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
                word ^= word >> 31
                withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
            }
            return Array(bytes.prefix(count))
        }
    }
}

enum Samples {
    static let project = id(ProjectID.self, "01aaaaaaaaaa")
    static let otherProject = id(ProjectID.self, "01bbbbbbbbbb")
    static let backup = id(BackupID.self, "01cccccccccc")
    static let created = Timestamp(milliseconds: 1_790_000_000_000)
    static let keys = ProjectKeys(generatedFrom: SeededEntropy(1))
    static let otherKeys = ProjectKeys(generatedFrom: SeededEntropy(2))

    private static func id<Of>(_ type: ID<Of>.Type, _ text: String) -> ID<Of> {
        guard let id = ID<Of>(text) else { preconditionFailure("not an identifier") }
        return id
    }

    static func summary(_ counts: BackupPart.Counts = .media(MediaCounts())) -> ManifestSummary {
        ManifestSummary(
            startedAt: created, endedAt: created.advanced(by: .seconds(9)), counts: counts, warnings: Warnings(),
            sizes: PartSizes(), notes: ["trigger": "scheduled"])
    }

    static func entry(_ path: String, _ kind: MediaEntry.Kind = .directory, flags: MediaEntry.Flags = []) -> MediaEntry
    {
        MediaEntry(
            path: Array(path.utf8), kind: kind, mode: 0o755, owner: 1000, group: 100,
            modified: FileTime(seconds: 1_790_000_000, nanoseconds: 5),
            changed: FileTime(seconds: -1, nanoseconds: 999_999_999), device: 8, inode: 77,
            attributes: [.init(name: Array("user.k".utf8), value: [1, 2, 3])], flags: flags)
    }

    static func file(_ chunks: [ChunkReference]) -> MediaEntry.Kind {
        let size = chunks.reduce(UInt64(0)) { $0 + UInt64($1.length) }
        return .file(size: size, extents: size == 0 ? [] : [.init(offset: 0, length: size)], chunks: chunks)
    }

    static func chunk(_ number: UInt8, _ length: UInt32 = 10) -> ChunkReference {
        ChunkReference(name: ChunkName(bytes: [UInt8](repeating: number, count: 32)), length: length)
    }

    /// Stores `chunks` in one small shard.
    static func store(
        _ chunks: [[UInt8]], in store: MemoryStore, index: any ChunkLookup = EmptyLookup(), seed: UInt64 = 7,
        configuration: ArchiveConfiguration = small
    ) async throws -> (value: [ChunkReference], summary: ArchiveSummary) {
        try await withArchiveWriter(
            project: project, keys: keys, index: index, sink: store, entropy: SeededEntropy(seed),
            configuration: configuration
        ) { writer in
            var references: [ChunkReference] = []
            for chunk in chunks { references.append(try await writer.store(chunk)) }
            return references
        }
    }

    static var small: ArchiveConfiguration {
        var configuration = ArchiveConfiguration()
        configuration.segmentBytes = 1000
        configuration.shardBytes = 5000
        return configuration
    }

    /// Runs `body` with a new directory and removes it.
    static func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        var template = Array("/tmp/holdfast-archive-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw HoldfastError(.inputOutput, "mkdtemp failed") }
        let path = String(cString: made)
        defer {
            if let directory = opendir(path) {
                while let item = readdir(directory) {
                    let name = withUnsafePointer(to: item.pointee.d_name) {
                        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                    }
                    unlink("\(path)/\(name)")
                }
                closedir(directory)
            }
            rmdir(path)
        }
        return try await body(path)
    }
}

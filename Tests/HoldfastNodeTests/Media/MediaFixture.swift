import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastNode
import HoldfastTestKit
import Testing

/// Chunks in memory, each distinct content once.
final class MemoryChunks: ChunkStore, MediaContent {
    private var names: [[UInt8]: ChunkName] = [:]
    private var contents: [ChunkName: [UInt8]] = [:]
    private var present: [ChunkReference] = []
    var mayReuse = true
    /// Called with each piece of content as it is read.
    var whileReading: () -> Void = {}

    func store(_ bytes: UnsafeRawBufferPointer) async throws {
        for start in stride(from: 0, to: bytes.count, by: 50_000) {
            let piece = Array(bytes[start..<min(start + 50_000, bytes.count)])
            let name = names[piece] ?? ChunkName(words: (UInt64(names.count), 1, 2, 3))
            names[piece] = name
            contents[name] = piece
            present.append(ChunkReference(name: name, length: UInt32(piece.count)))
        }
        whileReading()
    }

    func endOfFile() async throws -> [ChunkReference] {
        defer { present = [] }
        return present
    }

    func reuse(_ chunks: [ChunkReference]) async throws -> Bool {
        mayReuse && chunks.allSatisfy { contents[$0.name] != nil }
    }

    func read(_ chunks: [ChunkReference], into body: (UnsafeRawBufferPointer) throws -> Void) async throws {
        for chunk in chunks { try #require(contents[chunk.name]).withUnsafeBytes(body) }
    }

    func holds(_ chunk: ChunkReference, _ bytes: UnsafeRawBufferPointer) -> Bool {
        contents[chunk.name].map { $0.elementsEqual(bytes) } ?? false
    }
}

/// A manifest in memory. What is added must be what a real one takes.
final class MemoryEntries: EntrySink, EntrySource {
    var entries: [MediaEntry] = []
    private var position = 0
    private var manifest: MediaManifestWriter?

    init(_ entries: [MediaEntry] = []) { self.entries = entries }

    func add(_ entry: MediaEntry) async throws {
        let entropy = SeededEntropy(seed: 1)
        let time = Timestamp(milliseconds: 0)
        var writer =
            try manifest
            ?? MediaManifestWriter(
                project: ProjectID(at: time, entropy: entropy), backup: BackupID(at: time, entropy: entropy),
                service: ServiceReference(.media), createdAt: time, keys: ProjectKeys(generatedFrom: entropy),
                entropy: entropy)
        try writer.add(entry)
        manifest = writer
        entries.append(entry)
    }

    func next() async throws -> MediaEntry? {
        guard position < entries.count else { return nil }
        position += 1
        return entries[position - 1]
    }

    func at(_ path: String) -> [MediaEntry] { entries.filter { $0.path == Array(path.utf8) } }
}

/// Directories and short ways for tests of media.
struct MediaFixture {
    static let isRoot = geteuid() == 0
    /// Later than any file's time of change.
    static let later = Timestamp(milliseconds: 253_000_000_000_000)

    let scratch: MediaScratch

    init(inMemory: Bool = false) { scratch = MediaScratch(inMemory: inMemory) }

    func path(_ name: String) -> String { scratch.directory(name) }

    func open(_ name: String) throws -> MediaDirectory {
        try MediaRoots(allowed: [scratch.path], calls: LinuxFileCalls()).open(path(name))
    }

    func job(_ number: Int) -> JobID {
        guard let id = JobID("00000000000\(number)") else { preconditionFailure("a digit") }
        return id
    }

    func write(_ path: String, _ text: String) {
        let file = Glibc.open("\(scratch.path)/\(path)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        close(file)
    }

    func capture(
        _ name: String, chunks: MemoryChunks, since previous: [MediaEntry]? = nil, fullRead: Bool = false,
        seen: @escaping @Sendable (_ path: [UInt8]) -> Void = { _ in }
    ) async throws -> (entries: MemoryEntries, outcome: MediaCapture.Outcome) {
        let sink = MemoryEntries()
        let capture = MediaCapture(
            tree: PosixMediaTree(root: try open(name), seen: seen), store: chunks, sink: sink, fullRead: fullRead)
        let outcome = try await capture.capture(since: previous.map { MemoryEntries($0) }, startedAt: Self.later)
        return (sink, outcome)
    }

    func stage(
        _ entries: [MediaEntry], chunks: MemoryChunks, in name: String, job: JobID, adjustment: MediaAdjustment = .none
    ) async throws -> (staging: MediaStaging, outcome: MediaApply.Outcome) {
        let staging = try MediaStaging.make(in: open(name), job: job)
        let apply = MediaApply(staging: staging, adjustment: adjustment, content: chunks)
        return (staging, try await apply.apply(MemoryEntries(entries)))
    }
}

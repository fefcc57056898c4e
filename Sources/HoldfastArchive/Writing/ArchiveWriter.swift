import HoldfastModel

/// Stores content as chunks in shards, each chunk once. Used from one task; get one from `withArchiveWriter`.
package final class ArchiveWriter {
    private let keys: ProjectKeys
    private let index: any ChunkLookup
    private let configuration: ArchiveConfiguration
    private let queue: BoundedQueue<OpenSegment>
    private lazy var gearTable = keys.gearTable
    private var open = OpenSegment()
    private var stored: Set<ChunkName> = []
    private var reused: Set<ObjectName> = []

    init(
        keys: ProjectKeys, index: any ChunkLookup, configuration: ArchiveConfiguration,
        queue: BoundedQueue<OpenSegment>
    ) {
        self.keys = keys
        self.index = index
        self.configuration = configuration
        self.queue = queue
    }

    /// Cuts what is written to it into chunks and stores them here.
    package func content(_ profile: ChunkerProfile) -> ContentWriter {
        ContentWriter(writer: self, chunker: Chunker(profile, table: gearTable))
    }

    /// Stores one chunk, unless it is there already.
    ///
    /// - Precondition: 1 byte to 2 MiB.
    package func store(_ chunk: UnsafeRawBufferPointer) async throws -> ChunkReference {
        let reference = take(chunk)
        try await sendFull()
        return reference
    }

    package func store(_ chunk: [UInt8]) async throws -> ChunkReference {
        let reference = chunk.withUnsafeBytes { take($0) }
        try await sendFull()
        return reference
    }

    /// Notes that the chunk is referred to, without its bytes.
    ///
    /// - Returns: false where it isn't known: its content must be read and stored.
    package func reuse(_ reference: ChunkReference) -> Bool {
        if stored.contains(reference.name) { return true }
        guard let shard = knownShard(reference) else { return false }
        reused.insert(shard)
        return true
    }

    /// The same for all chunks of a file: notes all or none.
    package func reuse(_ references: [ChunkReference]) -> Bool {
        var shards: Set<ObjectName> = []
        for reference in references where !stored.contains(reference.name) {
            guard let shard = knownShard(reference) else { return false }
            shards.insert(shard)
        }
        reused.formUnion(shards)
        return true
    }

    private func knownShard(_ reference: ChunkReference) -> ObjectName? {
        guard let location = index.location(of: reference.name), location.length == reference.length,
            !configuration.distrusted.contains(location.shard)
        else { return nil }
        return location.shard
    }

    /// The half of storing that never waits.
    func take(_ chunk: UnsafeRawBufferPointer) -> ChunkReference {
        precondition((1...ChunkerProfile.media.maximum).contains(chunk.count))
        let reference = ChunkReference(name: keys.namer.name(of: chunk), length: UInt32(chunk.count))
        guard !reuse(reference) else { return reference }
        stored.insert(reference.name)
        if open.bytes.isEmpty {
            open.bytes.reserveCapacity(configuration.segmentBytes + configuration.segmentBytes / 2)
        }
        open.bytes.append(contentsOf: chunk)
        open.chunks.append(reference)
        return reference
    }

    func sendFull() async throws {
        guard open.bytes.count >= configuration.segmentBytes else { return }
        try await send()
    }

    private func send() async throws {
        let segment = open
        open = OpenSegment()
        try await queue.send(segment)
    }

    /// Sends what is left; nothing can be stored after.
    func close() async throws {
        if !open.bytes.isEmpty { try await send() }
        queue.finish()
    }

    func completed(_ summary: ArchiveSummary) -> ArchiveSummary {
        var summary = summary
        summary.referenced = reused.union(summary.shards).sorted()
        return summary
    }
}

import HoldfastModel

/// Turns segments into shards: compresses several at once, seals them in order, and puts finished shards meanwhile.
///
/// Only compression, by far the costliest step, is spread over tasks. Sealing waits for its turn, because the end of a
/// shard depends on the compressed sizes before it, and equal input must give equal shards.
struct SegmentPipeline: Sendable {
    let project: ProjectID
    let keys: ProjectKeys
    let entropy: any Entropy
    let sink: any ObjectSink
    let configuration: ArchiveConfiguration
    let queue: BoundedQueue<OpenSegment>

    func run() async throws -> ArchiveSummary {
        do {
            return try await withThrowingTaskGroup(of: Void.self) { puts in
                try await withThrowingTaskGroup(of: (Int, PackedSegment).self) { compressors in
                    try await assemble(&puts, &compressors)
                }
            }
        } catch {
            queue.fail(error)
            throw error
        }
    }

    private func assemble(
        _ puts: inout ThrowingTaskGroup<Void, any Error>,
        _ compressors: inout ThrowingTaskGroup<(Int, PackedSegment), any Error>
    ) async throws -> ArchiveSummary {
        var shards = ShardSequence(pipeline: self)
        var (started, taken) = (0, 0)
        var waiting: [Int: PackedSegment] = [:]
        while true {
            let segment = try await queue.next()
            if let segment {
                let number = started
                compressors.addTask {
                    let packed = Packed(packing: segment.bytes)
                    return (
                        number,
                        PackedSegment(packed: packed, plainLength: segment.bytes.count, chunks: segment.chunks)
                    )
                }
                started += 1
            }
            while started - taken >= (segment == nil ? 1 : configuration.compressors) {
                if let ready = waiting.removeValue(forKey: taken) {
                    taken += 1
                    try await shards.add(ready, &puts)
                } else if let (number, packed) = try await compressors.next() {
                    waiting[number] = packed
                }
            }
            if segment == nil { break }
        }
        try await shards.finish(&puts)
        try await puts.waitForAll()
        return shards.summary
    }
}

/// The shards of one writer, one after the other.
private struct ShardSequence {
    let pipeline: SegmentPipeline
    var summary = ArchiveSummary()
    private var builder: ShardBuilder?
    private var putting = 0

    init(pipeline: SegmentPipeline) { self.pipeline = pipeline }

    mutating func add(_ segment: PackedSegment, _ puts: inout ThrowingTaskGroup<Void, any Error>) async throws {
        var open =
            try builder
            ?? ShardBuilder(
                project: pipeline.project, keys: pipeline.keys,
                salt: pipeline.entropy.bytes(ShardHeader.saltBytes),
                capacity: pipeline.configuration.shardBytes + pipeline.configuration.segmentBytes)
        // Taken out, so that the bytes have one owner and grow in place.
        builder = nil
        try open.add(segment)
        summary.newBytes += Int64(segment.plainLength)
        let full = open.byteCount >= pipeline.configuration.shardBytes
        builder = consume open
        if full { try await finish(&puts) }
    }

    mutating func finish(_ puts: inout ThrowingTaskGroup<Void, any Error>) async throws {
        guard var open = builder else { return }
        builder = nil
        let shard = try open.finish()
        summary.shards.append(shard.object.name)
        summary.storedBytes += Int64(shard.object.bytes.count)
        summary.entries.append(contentsOf: shard.index.entries(of: shard.object.name))
        if putting >= pipeline.configuration.putsInFlight {
            try await puts.next()
            putting -= 1
        }
        let (sink, object) = (pipeline.sink, shard.object)
        puts.addTask { try await sink.put(object) }
        putting += 1
    }
}

package import HoldfastModel

/// The chunks that were copied, and where they lie now.
package struct RewrittenShards: Sendable {
    /// Those of which every needed chunk was copied.
    package var old: Set<ObjectName> = []
    package var new: [ObjectName] = []
    /// Bytes of the new ones, as stored.
    package var storedBytes: Int64 = 0
    package var entries: [IndexEntry] = []

    package init() {}
}

/// Copies what is needed of some shards into new ones, in the order in which it lies. Each chunk is opened, compared with
/// its name, and sealed again: a segment's seal is bound to its shard and its place there.
///
/// - Returns: once the new shards are in the sink. A shard that can't be read is left out and stays as it is.
package func rewriteShards(
    _ shards: [ObjectName], _ needed: NeededChunks, source: some ObjectSource, sink: any ObjectSink,
    keys: ProjectKeys, project: ProjectID, entropy: any Entropy, configuration: ArchiveConfiguration
) async throws -> RewrittenShards {
    let (old, summary) = try await withArchiveWriter(
        project: project, keys: keys, index: EmptyLookup(), sink: sink, entropy: entropy, configuration: configuration
    ) { writer in
        var old: Set<ObjectName> = []
        for shard in shards {
            try Task.checkCancellation()
            if try await rewriteShard(shard, needed, source, writer, keys, project) { old.insert(shard) }
        }
        return old
    }
    var rewritten = RewrittenShards()
    rewritten.old = old
    rewritten.new = summary.shards
    rewritten.storedBytes = summary.storedBytes
    rewritten.entries = summary.entries
    return rewritten
}

/// - Returns: whether all was copied.
// Not inlined: a throwing call inlined into an asynchronous loop crashes the optimiser of Swift 6.3.1.
@inline(never)
private func rewriteShard(
    _ name: ObjectName, _ needed: NeededChunks, _ source: some ObjectSource, _ writer: ArchiveWriter,
    _ keys: ProjectKeys, _ project: ProjectID
) async throws -> Bool {
    let itself = needed.selection([name])
    do {
        let shard = try await OpenShard.open(name, source: source, keys: keys, project: project)
        for (number, segment) in shard.index.segments.enumerated()
        where segment.chunks.contains(where: { needed.isNeeded($0, in: itself) }) {
            let plain = try await shard.segment(UInt32(number), source: source)
            var offset = 0
            for chunk in segment.chunks {
                let end = offset + Int(chunk.length)
                defer { offset = end }
                guard needed.isNeeded(chunk, in: itself) else { continue }
                guard end <= plain.count, chunk.length <= ChunkerProfile.media.maximum else {
                    throw HoldfastError(.corrupt, "Shard \(name) has chunks of another size than its index says")
                }
                guard try await writer.store(Array(plain[offset..<end])) == chunk else {
                    throw HoldfastError(.corrupt, "Shard \(name) does not have the chunks that its index says")
                }
            }
        }
        return true
    } catch let error as HoldfastError where [.corrupt, .notFound, .unsupported, .inputOutput].contains(error.code) {
        return false
    }
}

package import HoldfastModel

/// Runs `body` with a writer, and returns when everything it stored was put into the sink.
///
/// Compression and puts go on in child tasks while `body` reads; when one fails, the next `store` throws its error, and
/// when `body` throws, they end first. Services captured one after the other each get a writer of their own.
package func withArchiveWriter<Value>(
    project: ProjectID, keys: ProjectKeys, index: any ChunkLookup, sink: any ObjectSink, entropy: any Entropy,
    configuration: ArchiveConfiguration = ArchiveConfiguration(), _ body: (ArchiveWriter) async throws -> Value
) async throws -> (value: Value, summary: ArchiveSummary) {
    let queue = BoundedQueue<OpenSegment>(limit: 2)
    let pipeline = SegmentPipeline(
        project: project, keys: keys, entropy: entropy, sink: sink, configuration: configuration, queue: queue)
    let writer = ArchiveWriter(keys: keys, index: index, configuration: configuration, queue: queue)
    return try await withThrowingTaskGroup(of: ArchiveSummary.self) { group in
        group.addTask { try await pipeline.run() }
        do {
            let value = try await body(writer)
            try await writer.close()
            guard let summary = try await group.next() else {
                throw HoldfastError(.internal, "The archive writer ended without a result.")
            }
            return (value, writer.completed(summary))
        } catch {
            queue.fail(error)
            throw error
        }
    }
}

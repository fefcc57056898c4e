import Glibc
package import HoldfastModel

extension ChunkIndex {
    /// A million entries take about 80 MB while they are sorted.
    private static let runEntries = 1 << 20

    /// Builds an index from the sealed indexes of shards alone.
    ///
    /// Memory stays bounded: entries are sorted in runs beside `path`, then merged.
    ///
    /// - Parameter unreadable: told of each shard that can't be opened; the index is built without it.
    package static func rebuild(
        shards: [ObjectName], source: some ObjectSource, keys: ProjectKeys, project: ProjectID, path: String,
        unreadable: (ObjectName, HoldfastError) -> Void
    ) async throws -> ChunkIndex {
        var entries: [IndexEntry] = []
        var paths: [String] = []
        defer { for path in paths { unlink(path) } }
        func spill() throws {
            let run = "\(path).run\(paths.count)"
            paths.append(run)
            try merge([IndexRun(entries)], path: run, project: project, dropping: [])
            entries.removeAll(keepingCapacity: true)
        }
        for shard in shards {
            try Task.checkCancellation()
            do {
                let open = try await OpenShard.open(shard, source: source, keys: keys, project: project)
                entries.append(contentsOf: open.index.entries(of: shard))
            } catch let error as HoldfastError where [.corrupt, .notFound, .unsupported].contains(error.code) {
                unreadable(shard, error)
            }
            if entries.count >= runEntries { try spill() }
        }
        var runs = [IndexRun(entries)]
        for path in paths { runs.append(IndexRun(try ChunkIndex(path: path, project: project))) }
        try merge(runs, path: path, project: project, dropping: [])
        return try ChunkIndex(path: path, project: project)
    }
}

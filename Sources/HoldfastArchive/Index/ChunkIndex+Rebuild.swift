package import HoldfastModel

extension ChunkIndex {
    /// What a few shards have; those that can't be opened are passed over.
    package static func entries(
        of shards: [ObjectName], source: some ObjectSource, keys: ProjectKeys, project: ProjectID
    ) async throws -> [IndexEntry] {
        var entries: [IndexEntry] = []
        for shard in shards {
            try Task.checkCancellation()
            do {
                let open = try await OpenShard.open(shard, source: source, keys: keys, project: project)
                entries.append(contentsOf: open.index.entries(of: shard))
            } catch let error as HoldfastError where [.corrupt, .notFound, .unsupported].contains(error.code) {
                continue
            }
        }
        return entries
    }

    /// A million entries take about 80 MB while they are sorted.
    private static let runEntries = 1 << 20

    /// Builds an index from the sealed indexes of shards alone.
    ///
    /// Memory stays bounded: entries are sorted in runs in files beside the new one, then merged.
    ///
    /// - Parameters:
    ///   - keepingCopies: an entry for each shard that has a chunk, not for one of them.
    ///   - unreadable: told of each shard that can't be opened; the index is built without it.
    package static func rebuild(
        shards: [ObjectName], source: some ObjectSource, keys: ProjectKeys, project: ProjectID, _ name: String,
        in files: any IndexFiles, keepingCopies: Bool = false, unreadable: (ObjectName, HoldfastError) -> Void
    ) async throws -> ChunkIndex {
        var entries: [IndexEntry] = []
        var spilled: [String] = []
        defer { for name in spilled { files.remove(name) } }
        func spill() throws {
            let run = "\(name).run\(spilled.count)"
            spilled.append(run)
            try merge(
                [IndexRun(entries)], into: files.create(run), project: project, dropping: [],
                keepingCopies: keepingCopies)
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
        for run in spilled { runs.append(IndexRun(try ChunkIndex(run, in: files, project: project))) }
        try merge(runs, into: files.create(name), project: project, dropping: [], keepingCopies: keepingCopies)
        return try ChunkIndex(name, in: files, project: project)
    }
}

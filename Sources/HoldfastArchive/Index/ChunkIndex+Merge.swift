package import HoldfastModel

extension ChunkIndex {
    /// Writes the index that `base` becomes with `additions`, in one pass and bounded memory, and opens it.
    ///
    /// - Parameters:
    ///   - name: taken at once by the complete, synced file; `base` may be the file that bears it.
    ///   - additions: count over what `base` says of the same chunk.
    ///   - dropping: shards whose entries are left out, such as those that refused a hold.
    package static func write(
        _ name: String, in files: any IndexFiles, project: ProjectID, base: ChunkIndex? = nil,
        additions: [IndexEntry] = [], dropping: Set<ObjectName> = []
    ) throws(HoldfastError) -> ChunkIndex {
        var runs = [IndexRun(additions)]
        if let base { runs.append(IndexRun(base)) }
        try merge(runs, into: files.create(name), project: project, dropping: dropping)
        return try ChunkIndex(name, in: files, project: project)
    }

    /// Merges sorted runs; where several know a name, the first run counts.
    ///
    /// - Parameter keepingCopies: every entry stays, so that a name may stand there once for each shard that has it.
    static func merge(
        _ runs: [IndexRun], into output: any IndexFileOutput, project: ProjectID, dropping: Set<ObjectName>,
        keepingCopies: Bool = false
    ) throws(HoldfastError) {
        var runs = runs
        let shards = Set(runs.flatMap(\.shards)).subtracting(dropping).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: shards.enumerated().map { ($1, UInt32($0)) })
        let renumbered = runs.map { run in run.shards.map { numbers[$0] } }
        let writer = IndexFileWriter(output, project: project, shards: shards)
        while true {
            var best: (run: Int, record: IndexRecord)?
            for number in runs.indices {
                guard let record = runs[number].next else { continue }
                if let known = best, known.record.name <= record.name { continue }
                best = (number, record)
            }
            guard let (_, first) = best else { break }
            // The first run that knows the name and whose shard stays gives the entry; the others only move on.
            var written = false
            for number in runs.indices {
                var kept: (IndexRecord, UInt32)?
                while let record = runs[number].next, record.name == first.name {
                    let shards = renumbered[number]
                    if Int(record.shard) < shards.count, let shard = shards[Int(record.shard)] {
                        if keepingCopies, let (record, shard) = kept { try writer.add(record, shard: shard) }
                        kept = (record, shard)
                    }
                    runs[number].advance()
                }
                guard !written || keepingCopies, let (record, shard) = kept else { continue }
                try writer.add(record, shard: shard)
                written = true
            }
        }
        try writer.finish()
    }
}

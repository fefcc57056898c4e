package import HoldfastModel

/// Which copies of which chunks are needed, shard by shard: what the parts of live backups are made of.
///
/// The copies are looked up in a sorted file made of the shards' own indexes, and noted as one bit each: memory stays
/// bounded by the bits, an eighth of a byte for each chunk in each shard.
package struct NeededChunks {
    private let index: ChunkIndex
    private var needed: [UInt64]

    /// Reads the index of every shard. What can't be opened has no chunks here.
    ///
    /// - Parameter name: of the file, which the caller removes.
    package init(
        in shards: Set<ObjectName>, source: some ObjectSource, keys: ProjectKeys, project: ProjectID, _ name: String,
        in files: any IndexFiles
    ) async throws {
        index = try await ChunkIndex.rebuild(
            shards: shards.sorted(), source: source, keys: keys, project: project, name, in: files,
            keepingCopies: true, unreadable: { _, _ in })
        needed = [UInt64](repeating: 0, count: (index.count + 63) / 64)
    }

    /// Some of the shards, to look among.
    package struct Selection {
        fileprivate var isSelected: [Bool]
    }

    package func selection(_ shards: some Sequence<ObjectName>) -> Selection {
        let shards = Set(shards)
        return Selection(isSelected: index.shards.map(shards.contains))
    }

    /// Notes that one of the chunk's copies in these shards is needed; the same one each time.
    ///
    /// - Returns: false where none of them has it.
    package mutating func need(_ chunk: ChunkReference, in selection: Selection) -> Bool {
        guard let position = copy(of: chunk, in: selection) else { return false }
        needed[position / 64] |= 1 << UInt64(position % 64)
        return true
    }

    /// Whether one of these shards has the chunk.
    package func has(_ chunk: ChunkReference, in selection: Selection) -> Bool {
        copy(of: chunk, in: selection) != nil
    }

    /// Whether the copy in just this shard is needed.
    func isNeeded(_ chunk: ChunkReference, in shard: Selection) -> Bool {
        copy(of: chunk, in: shard).map(isNeeded) ?? false
    }

    /// How much of each shard is needed.
    package func uses() -> [ObjectName: ShardUse] {
        var uses = [ShardUse](repeating: ShardUse(), count: index.shards.count)
        for position in 0..<index.count {
            let record = index.record(position)
            guard Int(record.shard) < uses.count else { continue }
            uses[Int(record.shard)].add(bytes: record.length, isNeeded: isNeeded(position))
        }
        return Dictionary(uniqueKeysWithValues: zip(index.shards, uses))
    }

    private func isNeeded(_ position: Int) -> Bool { needed[position / 64] >> UInt64(position % 64) & 1 == 1 }

    /// The first of the chunk's copies that lies in one of the shards.
    private func copy(of chunk: ChunkReference, in selection: Selection) -> Int? {
        guard var position = index.position(of: chunk.name) else { return nil }
        while position > 0, index.name(position - 1) == chunk.name { position -= 1 }
        while position < index.count {
            let record = index.record(position)
            guard record.name == chunk.name else { return nil }
            if record.length == chunk.length, Int(record.shard) < selection.isSelected.count,
                selection.isSelected[Int(record.shard)]
            {
                return position
            }
            position += 1
        }
        return nil
    }
}

/// Decides which shards a collection rewrites: those of which less than half is needed, the deadest first, as many as one
/// run may copy.
package struct RewriteChoice: Hashable, Sendable {
    package struct Candidate: Hashable, Sendable {
        package var shard: ObjectName
        package var use: ShardUse
        /// As stored.
        package var storedBytes: Int64

        package init(shard: ObjectName, use: ShardUse, storedBytes: Int64) {
            (self.shard, self.use, self.storedBytes) = (shard, use, storedBytes)
        }

        /// How much of what is stored is needed, as far as that can be told without packing it again.
        package var neededStoredBytes: Int64 {
            guard use.bytes > 0 else { return 0 }
            return Int64(Double(storedBytes) * (Double(use.neededBytes) / Double(use.bytes)))
        }
    }

    /// Names of chunks are kept in memory while they are copied.
    package static let chunkLimit = 1 << 20

    /// In the order in which they are copied.
    package private(set) var shards: [ObjectName] = []
    /// What is stored in vain in them.
    package private(set) var deadBytes: Int64 = 0
    /// There are others, for a later run.
    package private(set) var isPartial = false

    /// - Parameters:
    ///   - candidates: only those that every list that names them can do without.
    ///   - byteLimit: stored bytes that may be copied; one shard is rewritten in any case.
    ///   - lists: the stored bytes of each list that would have to be written anew, with the shards that it names.
    package init(
        _ candidates: [Candidate], byteLimit: Int64, lists: [(shards: Set<ObjectName>, bytes: Int64)]
    ) {
        let deadest = candidates.filter(\.use.isMostlyDead).sorted { left, right in
            let (leftUse, rightUse) = (left.share, right.share)
            return (leftUse, left.shard) < (rightUse, right.shard)
        }
        var (copied, chunks) = (Int64(0), 0)
        for candidate in deadest {
            let needed = candidate.neededStoredBytes
            let isFull = copied + needed > byteLimit || chunks + candidate.use.neededChunks > Self.chunkLimit
            if isFull, !shards.isEmpty {
                isPartial = true
                break
            }
            copied += needed
            chunks += candidate.use.neededChunks
            shards.append(candidate.shard)
            deadBytes += candidate.storedBytes - needed
        }
        let chosen = Set(shards)
        let listBytes = lists.reduce(Int64(0)) { $0 + ($1.shards.isDisjoint(with: chosen) ? 0 : $1.bytes) }
        // The lists' old copies go, too; but what gives back no more than they take is left alone.
        if deadBytes <= listBytes { (shards, deadBytes, isPartial) = ([], 0, false) }
    }
}

extension RewriteChoice.Candidate {
    /// Of its content, from 0 to 1.
    fileprivate var share: Double { use.bytes == 0 ? 0 : Double(use.neededBytes) / Double(use.bytes) }
}

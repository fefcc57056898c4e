import HoldfastModel

/// Sorted records to be merged: an index file, or entries in memory.
struct IndexRun {
    private enum Records {
        case file(ChunkIndex)
        case memory([IndexRecord])
    }

    let shards: [ObjectName]
    private let records: Records
    private let count: Int
    private var position = 0

    init(_ index: ChunkIndex) {
        shards = index.shards
        records = .file(index)
        count = index.count
    }

    /// Of several entries for one name, the last counts.
    init(_ entries: [IndexEntry]) {
        let shards = Set(entries.map(\.location.shard)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: shards.enumerated().map { ($1, UInt32($0)) })
        var sorted: [IndexRecord] = []
        sorted.reserveCapacity(entries.count)
        for entry in entries {
            guard let number = numbers[entry.location.shard] else { continue }
            let location = entry.location
            sorted.append(
                IndexRecord(
                    name: entry.name, shard: number, segment: location.segment, offset: location.offset,
                    length: location.length))
        }
        sorted.sort { $0.name < $1.name }
        self.shards = shards
        records = .memory(sorted)
        count = sorted.count
    }

    var next: IndexRecord? {
        guard position < count else { return nil }
        switch records {
        case .file(let index): return index.record(position)
        case .memory(let sorted): return sorted[position]
        }
    }

    mutating func advance() { position += 1 }
}

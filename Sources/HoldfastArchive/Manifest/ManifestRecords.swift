import HoldfastModel

/// The records in a run of blocks, one after the other; memory holds a block and a record.
struct ManifestRecords<Source: ObjectSource>: Sendable {
    let blocks: ManifestBlocks<Source>
    private let end: UInt64
    private var offset: UInt64
    /// Of the next block.
    private(set) var block: UInt64
    private var bytes: [UInt8] = []
    private var position = 0
    /// Where in `bytes` each block begins that they are of.
    private var starts: [(index: Int, offset: UInt64, block: UInt64)] = []
    /// Of the first block, where reading begins within it.
    private var skip = 0

    init(blocks: ManifestBlocks<Source>, start: UInt64, end: UInt64, firstBlock: UInt64) {
        self.blocks = blocks
        self.offset = start
        self.end = end
        self.block = firstBlock
    }

    /// Goes on where another reader of the same run was.
    ///
    /// - Throws: `corrupt` where the place is not in the run.
    init(
        blocks: ManifestBlocks<Source>, at place: ManifestPosition, start: UInt64, end: UInt64
    ) throws(HoldfastError) {
        guard place.offset >= start, place.offset <= end else { throw blocks.cut }
        self.init(blocks: blocks, start: place.offset, end: end, firstBlock: place.block)
        skip = Int(place.skip)
    }

    /// Where the next record begins.
    var place: ManifestPosition {
        guard position < bytes.count, let start = starts.last(where: { $0.index <= position }) else {
            return ManifestPosition(offset: offset, block: block, skip: UInt32(skip))
        }
        return ManifestPosition(offset: start.offset, block: start.block, skip: UInt32(position - start.index))
    }

    /// Nil at the end of the run, which is at the end of a record.
    mutating func next() async throws -> [UInt8]? {
        if skip > 0 {
            try await fill(1)
            // It lies within the block, wherever the place comes from.
            guard skip < bytes.count else { throw blocks.cut }
            position += skip
            skip = 0
        }
        if position == bytes.count && offset == end { return nil }
        try await fill(4)
        let length = Int(bytes[position..<position + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        position += 4
        guard length <= Limits.recordBytes else {
            throw HoldfastError(.corrupt, "The \(blocks.subject) is damaged: a record is too long.")
        }
        try await fill(length)
        defer { position += length }
        return Array(bytes[position..<position + length])
    }

    private mutating func fill(_ count: Int) async throws {
        while bytes.count - position < count {
            guard offset < end else { throw blocks.cut }
            let (plain, next) = try await blocks.block(at: offset, number: block, before: end)
            bytes.removeFirst(position)
            starts = starts.map { ($0.index - position, $0.offset, $0.block) }
            // Only the last that begins at or before the first byte is still of use.
            if let first = starts.lastIndex(where: { $0.index <= 0 }) { starts.removeFirst(first) }
            position = 0
            starts.append((bytes.count, offset, block))
            bytes.append(contentsOf: plain)
            offset = next
            block += 1
        }
    }
}

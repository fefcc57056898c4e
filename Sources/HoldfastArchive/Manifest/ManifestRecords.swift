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

    init(blocks: ManifestBlocks<Source>, start: UInt64, end: UInt64, firstBlock: UInt64) {
        self.blocks = blocks
        self.offset = start
        self.end = end
        self.block = firstBlock
    }

    /// Nil at the end of the run, which is at the end of a record.
    mutating func next() async throws -> [UInt8]? {
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
            position = 0
            bytes.append(contentsOf: plain)
            offset = next
            block += 1
        }
    }
}

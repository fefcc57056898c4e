package import HoldfastModel

/// The manifest of a dump: its tables at once, its chunks one after the other.
package struct DatabaseManifestReader<Source: ObjectSource>: Sendable {
    private let blocks: ManifestBlocks<Source>
    private let trailer: ManifestTrailer

    init(_ blocks: ManifestBlocks<Source>, _ trailer: ManifestTrailer) throws(HoldfastError) {
        guard trailer.tablesOffset >= blocks.start, trailer.tablesOffset <= blocks.end,
            trailer.tablesBlock <= trailer.blocks, trailer.referencedBytes <= UInt64(Int64.max)
        else { throw HoldfastError(.corrupt, "The \(blocks.subject) is damaged: its tables lie outside it.") }
        self.blocks = blocks
        self.trailer = trailer
    }

    package var dumpBytes: Int64 { Int64(trailer.referencedBytes) }

    package func tables() async throws -> [DumpTable] {
        var records = ManifestRecords(
            blocks: blocks, start: trailer.tablesOffset, end: blocks.end, firstBlock: trailer.tablesBlock)
        // Read first and decoded afterwards: the compiler of Swift 6.3.1 crashes when it optimises a loop that does both.
        var encoded: [[UInt8]] = []
        while let record = try await records.next() { encoded.append(record) }
        let tables = try decode(encoded)
        try check(tables, endedAt: records.block)
        return tables
    }

    private func decode(_ records: [[UInt8]]) throws -> [DumpTable] {
        try records.map { try DumpTable(record: $0, subject: blocks.subject) }
    }

    private func check(_ tables: [DumpTable], endedAt block: UInt64) throws(HoldfastError) {
        guard block == trailer.blocks, UInt64(tables.count) == trailer.entries else {
            throw HoldfastError(.corrupt, "The \(blocks.subject) doesn't hold the tables its end says.")
        }
        if let broken = DumpTable.brokenRule(tables, dumpBytes: trailer.referencedBytes) {
            throw HoldfastError(.corrupt, "The \(blocks.subject) is damaged: \(broken).")
        }
    }

    /// The dump's chunks in order.
    package func references() -> DumpReferences<Source> { DumpReferences(blocks, trailer) }

    /// The dump's chunks from a place on where a reader of the same manifest was; they are not counted again.
    package func references(from place: ManifestPosition) throws(HoldfastError) -> DumpReferences<Source> {
        try DumpReferences(blocks, trailer, from: place)
    }
}

/// The chunks of a dump in order. Only after the last was read is it known that none is missing.
package struct DumpReferences<Source: ObjectSource>: Sendable {
    private var records: ManifestRecords<Source>
    private let trailer: ManifestTrailer
    private var run: ArraySlice<ChunkReference> = []
    private var count: UInt64 = 0
    private var bytes: UInt64 = 0

    private let isWhole: Bool

    init(_ blocks: ManifestBlocks<Source>, _ trailer: ManifestTrailer) {
        self.trailer = trailer
        isWhole = true
        records = ManifestRecords(blocks: blocks, start: blocks.start, end: trailer.tablesOffset, firstBlock: 0)
    }

    init(
        _ blocks: ManifestBlocks<Source>, _ trailer: ManifestTrailer, from place: ManifestPosition
    ) throws(HoldfastError) {
        self.trailer = trailer
        isWhole = false
        records = try ManifestRecords(blocks: blocks, at: place, start: blocks.start, end: trailer.tablesOffset)
    }

    /// Where the next chunk's record begins; nil within a record.
    package var place: ManifestPosition? { run.isEmpty ? records.place : nil }

    package mutating func next() async throws -> ChunkReference? {
        while run.isEmpty {
            let subject = records.blocks.subject
            guard let record = try await records.next() else {
                guard isWhole else { return nil }
                guard records.block == trailer.tablesBlock, count == trailer.references,
                    bytes == trailer.referencedBytes
                else { throw HoldfastError(.corrupt, "The \(subject) doesn't hold the chunks its end says.") }
                return nil
            }
            var reader = ByteReader(record, subject)
            run = try reader.references(record.count / (ChunkName.byteCount + 4))[...]
            try reader.finish()
            guard run.allSatisfy({ $0.length > 0 && Int($0.length) <= Limits.segmentBytes }) else {
                throw reader.damaged("it holds an impossible chunk")
            }
        }
        let reference = run.removeFirst()
        count += 1
        bytes += UInt64(reference.length)
        return reference
    }
}

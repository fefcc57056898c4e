package import HoldfastModel

/// Writes the manifest of a dump: chunks as they are stored, then the tables.
package struct DatabaseManifestWriter {
    package let header: ManifestHeader
    private var sealer: ManifestSealer
    private var run: [ChunkReference] = []
    private var references: UInt64 = 0
    private var referencedBytes: UInt64 = 0
    /// References in a record.
    private static let runLength = 1024

    /// - Precondition: `service` is a database.
    package init(
        project: ProjectID, backup: BackupID, service: ServiceReference, createdAt: Timestamp, keys: ProjectKeys,
        entropy: some Entropy
    ) throws(HoldfastError) {
        precondition(service.kind == .database)
        header = ManifestHeader(
            project: project, backup: backup, service: service, createdAt: createdAt,
            sealingKey: keys.currentSealingKey, salt: entropy.bytes(ManifestHeader.saltBytes))
        sealer = try ManifestSealer(header, keys: keys)
    }

    /// The dump's next chunks.
    package mutating func add(_ chunks: some Sequence<ChunkReference>) throws(HoldfastError) {
        for chunk in chunks {
            run.append(chunk)
            references += 1
            referencedBytes += UInt64(chunk.length)
            if run.count == Self.runLength { try endRun() }
        }
    }

    /// - Parameter tables: in the order of their offsets, without overlap, within the dump.
    package mutating func finish(tables: [DumpTable], _ summary: ManifestSummary) throws -> SealedObject {
        try endRun()
        try sealer.endBlock()
        var trailer = ManifestTrailer(summary: summary)
        trailer.tablesOffset = sealer.offset
        trailer.tablesBlock = sealer.blocks
        trailer.entries = UInt64(tables.count)
        trailer.references = references
        trailer.referencedBytes = referencedBytes
        if let broken = DumpTable.brokenRule(tables, dumpBytes: referencedBytes) {
            throw HoldfastError(.invalidArgument, "A manifest can't hold these tables: \(broken).")
        }
        for table in tables { try sealer.add(table.record()) }
        return try sealer.finish(trailer)
    }

    private mutating func endRun() throws(HoldfastError) {
        guard !run.isEmpty else { return }
        var writer = ByteWriter()
        for chunk in run {
            writer.name(chunk.name)
            writer.integer(chunk.length)
        }
        try sealer.add(writer.bytes)
        run.removeAll(keepingCapacity: true)
    }
}

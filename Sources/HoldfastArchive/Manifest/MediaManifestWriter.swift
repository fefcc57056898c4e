package import HoldfastModel

/// Writes the manifest of a media tree, entry by entry in `MediaOrder`.
package struct MediaManifestWriter {
    package let header: ManifestHeader
    private var sealer: ManifestSealer
    private var sequence = MediaSequence()

    /// - Precondition: `service` is of media.
    package init(
        project: ProjectID, backup: BackupID, service: ServiceReference, createdAt: Timestamp, keys: ProjectKeys,
        entropy: some Entropy
    ) throws(HoldfastError) {
        precondition(service.kind == .media)
        header = ManifestHeader(
            project: project, backup: backup, service: service, createdAt: createdAt,
            sealingKey: keys.currentSealingKey, salt: entropy.bytes(ManifestHeader.saltBytes))
        sealer = try ManifestSealer(header, keys: keys)
    }

    /// - Throws: `invalidArgument` for an entry out of order, without its directory before it, or at odds with itself.
    package mutating func add(_ entry: MediaEntry) throws(HoldfastError) {
        if let broken = sequence.accept(entry) {
            throw HoldfastError(
                .invalidArgument, "A manifest can't hold \(String.printable(bytes: entry.path)): \(broken).")
        }
        try sealer.add(try entry.record())
    }

    package mutating func finish(_ summary: ManifestSummary) throws -> SealedObject {
        var trailer = ManifestTrailer(summary: summary)
        trailer.entries = sequence.entries
        trailer.references = sequence.references
        trailer.referencedBytes = sequence.referencedBytes
        return try sealer.finish(trailer)
    }
}

import HoldfastModel

/// The entries of a media tree, in order, each checked. Only after the last was read is it known that none is missing.
package struct MediaManifestReader<Source: ObjectSource>: Sendable {
    private var records: ManifestRecords<Source>
    private let trailer: ManifestTrailer
    private var sequence = MediaSequence()

    init(_ records: ManifestRecords<Source>, _ trailer: ManifestTrailer) {
        self.records = records
        self.trailer = trailer
    }

    /// Nil after the last entry, once the counts agree.
    package mutating func next() async throws -> MediaEntry? {
        let subject = records.blocks.subject
        guard let record = try await records.next() else {
            guard records.block == trailer.blocks, sequence.entries == trailer.entries,
                sequence.references == trailer.references, sequence.referencedBytes == trailer.referencedBytes
            else { throw HoldfastError(.corrupt, "The \(subject) doesn't hold what its end says.") }
            return nil
        }
        let entry = try MediaEntry(record: record, subject: subject)
        if let broken = sequence.accept(entry) {
            throw HoldfastError(.corrupt, "The \(subject) is damaged: it holds \(broken).")
        }
        return entry
    }
}

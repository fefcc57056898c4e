import HoldfastModel

/// The entries of a media tree, in order, each checked. Only after the last was read is it known that none is missing.
package struct MediaManifestReader<Source: ObjectSource>: Sendable {
    private var records: ManifestRecords<Source>
    private let trailer: ManifestTrailer
    /// Nil for a reader that began in the middle: it was checked by the one that was there.
    private var sequence: MediaSequence?

    init(_ records: ManifestRecords<Source>, _ trailer: ManifestTrailer, isWhole: Bool = true) {
        self.records = records
        self.trailer = trailer
        sequence = isWhole ? MediaSequence() : nil
    }

    /// Where the next entry begins.
    package var place: ManifestPosition { records.place }

    /// Nil after the last entry, once the counts agree.
    package mutating func next() async throws -> MediaEntry? {
        let subject = records.blocks.subject
        guard let record = try await records.next() else {
            guard let sequence else { return nil }
            guard records.block == trailer.blocks, sequence.entries == trailer.entries,
                sequence.references == trailer.references, sequence.referencedBytes == trailer.referencedBytes
            else { throw HoldfastError(.corrupt, "The \(subject) doesn't hold what its end says.") }
            return nil
        }
        let entry = try MediaEntry(record: record, subject: subject)
        if let broken = sequence?.accept(entry) {
            throw HoldfastError(.corrupt, "The \(subject) is damaged: it holds \(broken).")
        }
        return entry
    }
}

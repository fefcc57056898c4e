import FoundationEssentials
import HoldfastModel

/// The sealed end of a manifest.
struct ManifestTrailer: Hashable, Sendable {
    /// Blocks before it.
    var blocks: UInt64 = 0
    var entries: UInt64 = 0
    var references: UInt64 = 0
    /// Sum of the references' lengths.
    var referencedBytes: UInt64 = 0
    /// Where a database's tables begin: the block's offset in the object and its number.
    var tablesOffset: UInt64 = 0
    var tablesBlock: UInt64 = 0
    var summary: ManifestSummary

    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var writer = ByteWriter()
        for number in [blocks, entries, references, referencedBytes, tablesOffset, tablesBlock] {
            writer.integer(number)
        }
        writer.long(Array(try encoder.encode(summary)))
        return writer.bytes
    }

    init(summary: ManifestSummary) { self.summary = summary }

    init(_ bytes: [UInt8], subject: String) throws(HoldfastError) {
        var reader = ByteReader(bytes, subject)
        blocks = try reader.integer()
        entries = try reader.integer()
        references = try reader.integer()
        referencedBytes = try reader.integer()
        tablesOffset = try reader.integer()
        tablesBlock = try reader.integer()
        let json = try reader.long()
        try reader.finish()
        do {
            summary = try JSONDecoder().decode(ManifestSummary.self, from: Data(json))
        } catch {
            throw reader.damaged("its summary can't be read")
        }
    }

    /// The manifest's last bytes: where the trailer begins, and the magic that ends it.
    static let footerBytes = 16
}

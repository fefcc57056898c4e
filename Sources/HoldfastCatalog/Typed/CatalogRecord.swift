import Foundation
import HoldfastModel

/// A type the catalog keeps: how its values are named, listed and versioned.
///
/// The stored body is the value's JSON with sorted keys, and carries its `version`.
package protocol CatalogRecord: Codable, Sendable {
    /// What names one, such as `BackupID`; its text is the record's key.
    associatedtype CatalogKey: CustomStringConvertible & Sendable

    static var recordKind: RecordKind { get }
    /// The latest version that this program understands.
    static var knownVersion: Int { get }
    var version: Int { get }
    var catalogKey: CatalogKey { get }
    /// `Record.scope`; the empty one unless said otherwise.
    var catalogScope: String { get }
    /// `Record.group`; none unless said otherwise.
    var catalogGroup: String { get }
    /// `Record.order`; 0 unless said otherwise.
    var catalogOrder: Int64 { get }
}

extension CatalogRecord {
    package static var knownVersion: Int { 1 }
    package var catalogScope: String { "" }
    package var catalogGroup: String { "" }
    package var catalogOrder: Int64 { 0 }
    package var recordKey: RecordKey { RecordKey(Self.self, catalogKey) }

    /// - Throws: `unsupported` for a later version, `corrupt` for what can't be read.
    static func decode(_ record: Record) throws(HoldfastError) -> Self {
        try record.decoded { () throws(HoldfastError) in try read(record) }
    }

    private static func read(_ record: Record) throws(HoldfastError) -> Self {
        let data = Data(record.body)
        let decoded = Result { try JSONDecoder().decode(Self.self, from: data) }
        let version =
            (try? decoded.get())?.version ?? (try? JSONDecoder().decode(VersionMarker.self, from: data))?.version
        if let version, version > knownVersion {
            throw HoldfastError(
                .unsupported,
                """
                The \(record.key.printable) was written by a later Holdfast (its version is \(version), this program \
                knows \(knownVersion)): run that version
                """)
        }
        switch decoded {
        case .success(let value): return value
        case .failure(let error):
            throw HoldfastError(
                .corrupt,
                """
                The \(record.key.printable) in the catalog can't be read (\("\(error)".printable())): put back a copy of \
                the catalog
                """)
        }
    }

    func encoded() throws(HoldfastError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(self))
        } catch {
            throw HoldfastError(.internal, "The \(recordKey.printable) can't be written: \("\(error)".printable())")
        }
    }
}

extension RecordKey {
    package init<Value: CatalogRecord>(_: Value.Type, _ key: Value.CatalogKey) {
        self.init(Value.recordKind, key.description)
    }
}

/// What is still readable in a body of a version yet to come.
private struct VersionMarker: Decodable {
    let version: Int
}

import HoldfastArchive
import HoldfastModel

/// One sealed object that is not stored yet, read as if it were.
struct UnstoredObject: ObjectSource {
    let object: SealedObject

    func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) throws -> [UInt8] {
        guard kind == object.kind, name == object.name, offset >= 0, offset <= object.bytes.count else {
            throw HoldfastError(.notFound, "\(kind.rawValue) \(name) is not here")
        }
        let rest = object.bytes[Int(offset)...]
        return Array(length.map { rest.prefix(Int(clamping: $0)) } ?? rest)
    }

    func size(_ kind: ObjectKind, _ name: ObjectName) throws -> Int64 { Int64(object.bytes.count) }
}

/// The entries of a manifest, as media captures and restores take them.
final class ManifestEntries<Source: ObjectSource>: EntrySource {
    private var reader: MediaManifestReader<Source>

    init(_ reader: MediaManifestReader<Source>) { self.reader = reader }

    func next() async throws -> MediaEntry? { try await reader.next() }
}

import Crypto
import Foundation
package import HoldfastModel

/// A project's record as its nodes keep it, `projects/<project>`: the cluster key opens it, and any node can tell which
/// version it is and whether it is whole.
///
/// ```
/// offset  size  content
///      0    10  magic "HFPRJ", version 1
///     10    12  project
///     22     8  version of the record, counted up with each change
///     30     4  n
///     34     n  the record as canonical JSON, sealed by the cluster key for `project-record/PROJECT/VERSION`, as text
///      …    32  SHA-256 of everything before
/// ```
///
/// With the highest version there is, it says that the project was erased: nothing can take its place.
package struct SealedProjectRecord: Hashable, Sendable {
    /// Some thousands of environments.
    package static let byteLimit = 16 << 20
    private static let sumBytes = 32
    private static let erasedVersion = UInt64.max

    package let project: ProjectID
    package let version: UInt64
    package let bytes: [UInt8]
    private let sealed: SealedSecret

    package init(
        _ record: ProjectRecord, version: UInt64, key: ClusterKey, entropy: some Entropy
    ) throws {
        project = record.project.id
        self.version = version
        let text = String(decoding: try Self.content(of: record), as: UTF8.self)
        sealed = try key.seal(Secret(text), purpose: Self.purpose(project, version), entropy: entropy)
        bytes = Self.bytes(project, version, sealed)
        guard bytes.count <= Self.byteLimit else {
            throw HoldfastError(.tooLarge, "The record of project \(record.project.name) takes \(bytes.count) bytes")
        }
    }

    /// What nodes keep of a project that was erased.
    package init(erasing project: ProjectID, key: ClusterKey, entropy: some Entropy) throws {
        self.project = project
        version = Self.erasedVersion
        sealed = try key.seal(Secret("erased"), purpose: Self.purpose(project, version), entropy: entropy)
        bytes = Self.bytes(project, version, sealed)
    }

    private static func bytes(_ project: ProjectID, _ version: UInt64, _ sealed: SealedSecret) -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(Format.project.start)
        writer.raw(project.text.utf8)
        writer.integer(version)
        writer.long(Array(sealed.sealed.utf8))
        return writer.bytes + Array(SHA256.hash(data: writer.bytes))
    }

    /// As far as the version.
    package static let headByteCount = 30

    /// Of a record of which only the head was read; nil for what is none.
    package static func version(ofHead bytes: [UInt8]) -> UInt64? {
        guard bytes.count == headByteCount, bytes.starts(with: Format.project.start) else { return nil }
        return bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package static func isErased(_ version: UInt64) -> Bool { version == erasedVersion }

    package var isErased: Bool { Self.isErased(version) }

    /// Whether it was the cluster that said that the project was erased, and no node by itself.
    package func provesErasure(with key: ClusterKey) -> Bool {
        isErased && (try? key.open(sealed, purpose: Self.purpose(project, version))) != nil
    }

    /// Reads one without opening it.
    ///
    /// - Throws: `corrupt` for anything but a whole one, `unsupported` for a later format.
    package init(decoding bytes: [UInt8]) throws(HoldfastError) {
        var reader = ByteReader(bytes, "project record")
        try reader.format(.project)
        guard let project = ProjectID(String(decoding: try reader.raw(ProjectID.length), as: UTF8.self)) else {
            throw reader.damaged("it names no project")
        }
        self.project = project
        version = try reader.integer()
        sealed = SealedSecret(sealed: try reader.text(try reader.long()))
        let sum = try reader.raw(Self.sumBytes)
        try reader.finish()
        guard SHA256.hash(data: bytes.dropLast(Self.sumBytes)).elementsEqual(sum) else {
            throw reader.damaged("it is not what was written")
        }
        self.bytes = bytes
    }

    /// - Throws: `corrupt` for another cluster's key, or where it is not this project's or not this version's;
    ///   `unsupported` for a later version.
    package func open(with key: ClusterKey) throws(HoldfastError) -> ProjectRecord {
        let text = try key.open(sealed, purpose: Self.purpose(project, version))
        guard let record = try? JSONDecoder().decode(ProjectRecord.self, from: Data(text.revealed.utf8)) else {
            throw HoldfastError(
                .unsupported, "The record of project \(project) is of a later version. Update Holdfast.")
        }
        guard record.project.id == project, record.fault == nil else {
            throw HoldfastError(
                .corrupt, "The record of project \(project) is damaged: \(record.fault ?? "it is another project's").")
        }
        return record
    }

    /// By which a change is noticed.
    package static func digest(of record: ProjectRecord) throws -> String {
        SHA256.hash(data: try content(of: record)).map { $0 }.hexadecimal
    }

    private static func content(of record: ProjectRecord) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(record))
    }

    private static func purpose(_ project: ProjectID, _ version: UInt64) -> String {
        "project-record/\(project)/\(version)"
    }
}

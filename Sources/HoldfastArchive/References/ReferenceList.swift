import Crypto
package import HoldfastModel

/// The shards that a part of a backup needs: not secret, authenticated, beside each manifest.
///
/// Nodes read it without keys, to know what may not be collected; who has the keys verifies it.
package struct ReferenceList: Hashable, Sendable {
    package var project: ProjectID
    package var backup: BackupID
    package var service: ServiceReference
    package var manifest: ObjectName
    /// Sorted, each once.
    package let shards: [ObjectName]

    private static let codeBytes = 32

    /// About how many bytes a list of so many shards takes.
    package static func byteCount(shards: Int) -> Int64 { Int64(150 + shards * ObjectName.byteCount) }

    package init(
        project: ProjectID, backup: BackupID, service: ServiceReference, manifest: ObjectName,
        shards: some Sequence<ObjectName>
    ) {
        self.project = project
        self.backup = backup
        self.service = service
        self.manifest = manifest
        self.shards = Set(shards).sorted()
    }

    package func sealed(_ keys: ProjectKeys) throws(HoldfastError) -> SealedObject {
        guard shards.count <= Limits.references else {
            throw HoldfastError(.tooLarge, "A reference list can't hold \(shards.count) shards; split the service.")
        }
        var writer = ByteWriter()
        writer.raw(Format.references.start)
        writer.part(project, backup, service)
        writer.raw(manifest.bytes)
        writer.integer(UInt32(shards.count))
        for shard in shards { writer.raw(shard.bytes) }
        let code = HMAC<SHA256>.authenticationCode(for: writer.bytes, using: keys.referenceKey)
        return SealedObject(kind: .references, bytes: writer.bytes + Array(code))
    }

    /// Reads a list without verifying it.
    ///
    /// - Throws: `corrupt` for anything but a well-formed list, `unsupported` for a later version.
    package init(decoding bytes: [UInt8]) throws(HoldfastError) {
        var reader = ByteReader(bytes, "reference list")
        try reader.format(.references)
        (project, backup, service) = try reader.part()
        manifest = ObjectName(bytes: try reader.raw(ObjectName.byteCount))
        let count = Int(try reader.integer(UInt32.self))
        guard count <= Limits.references, reader.left == count * ObjectName.byteCount + Self.codeBytes else {
            throw reader.damaged("its length doesn't fit its count")
        }
        var shards: [ObjectName] = []
        shards.reserveCapacity(count)
        for _ in 0..<count {
            let name = ObjectName(bytes: try reader.raw(ObjectName.byteCount))
            if let last = shards.last, last >= name { throw reader.damaged("its names are out of order") }
            shards.append(name)
        }
        self.shards = shards
    }

    /// Reads a list and verifies that it was written with these keys.
    package init(verifying bytes: [UInt8], keys: ProjectKeys) throws(HoldfastError) {
        try self.init(decoding: bytes)
        let split = bytes.count - Self.codeBytes
        guard
            HMAC<SHA256>.isValidAuthenticationCode(
                Array(bytes[split...]), authenticating: bytes[..<split], using: keys.referenceKey)
        else {
            throw HoldfastError(
                .corrupt, "A reference list of backup \(backup) was changed, or written with other keys.")
        }
    }
}

package import HoldfastModel

/// Whose an object is, as its first bytes say, which are alike in every format: magic, version, project, and in all but
/// shards the backup.
package struct ObjectOwner: Hashable, Sendable {
    /// How many bytes of an object are enough.
    package static let prefixLength = Format.magicLength + 2 + ProjectID.length + BackupID.length

    package let project: ProjectID
    /// Nil for a shard.
    package let backup: BackupID?

    /// Nil where the bytes are too few, or name no project.
    package init?(prefix bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.prefixLength))
        let start = Format.magicLength + 2
        let middle = start + ProjectID.length
        guard bytes.count >= middle, let kind = ObjectCheck.kind(ofPrefix: bytes),
            let project = ProjectID(String(decoding: bytes[start..<middle], as: UTF8.self))
        else { return nil }
        self.project = project
        guard kind != .shard else {
            backup = nil
            return
        }
        guard bytes.count == Self.prefixLength,
            let backup = BackupID(String(decoding: bytes[middle...], as: UTF8.self))
        else { return nil }
        self.backup = backup
    }
}

import Crypto
package import HoldfastModel

/// Says for good that a backup was removed: authenticated, not secret, of one size.
///
/// It outlives the backup's objects, so that no catalog that has gone back in time, and no node that was away, brings the
/// backup back to life.
package struct Tombstone: Hashable, Sendable {
    package static let byteCount = 10 + ProjectID.length + BackupID.length + 8 + codeBytes
    private static let codeBytes = 32

    package var project: ProjectID
    package var backup: BackupID
    package var removedAt: Timestamp

    package init(project: ProjectID, backup: BackupID, removedAt: Timestamp) {
        self.project = project
        self.backup = backup
        self.removedAt = removedAt
    }

    package func sealed(_ keys: ProjectKeys) -> SealedObject {
        var writer = ByteWriter()
        writer.raw(Format.tombstone.start)
        writer.raw(project.text.utf8)
        writer.raw(backup.text.utf8)
        writer.integer(removedAt.milliseconds)
        let code = HMAC<SHA256>.authenticationCode(for: writer.bytes, using: keys.tombstoneKey)
        return SealedObject(kind: .tombstone, bytes: writer.bytes + Array(code))
    }

    /// Reads a tombstone without verifying it.
    ///
    /// - Throws: `corrupt` for anything but a well-formed one, `unsupported` for a later version.
    package init(decoding bytes: [UInt8]) throws(HoldfastError) {
        var reader = ByteReader(bytes, "tombstone")
        try reader.format(.tombstone)
        guard let project = ProjectID(try reader.text(try reader.raw(ProjectID.length))),
            let backup = BackupID(try reader.text(try reader.raw(BackupID.length)))
        else { throw reader.damaged("it names no backup of a project") }
        let time: Int64 = try reader.integer()
        _ = try reader.raw(Self.codeBytes)
        try reader.finish()
        self.init(project: project, backup: backup, removedAt: Timestamp(milliseconds: time))
    }

    /// Reads a tombstone and verifies that it was written with these keys.
    package init(verifying bytes: [UInt8], keys: ProjectKeys) throws(HoldfastError) {
        try self.init(decoding: bytes)
        let split = bytes.count - Self.codeBytes
        guard
            HMAC<SHA256>.isValidAuthenticationCode(
                Array(bytes[split...]), authenticating: bytes[..<split], using: keys.tombstoneKey)
        else {
            throw HoldfastError(.corrupt, "A tombstone of backup \(backup) was changed, or written with other keys.")
        }
    }
}

import HoldfastModel

/// A reference list that a rewriting is told of.
struct ListRecord {
    static let byteCount = 77

    var name: ObjectName
    var manifest: ObjectName
    var backup: BackupID
    /// Another list may take its place.
    var mayMove: Bool

    /// - Throws: `malformed`.
    init(_ bytes: [UInt8]) throws(HoldfastError) {
        guard bytes.count == Self.byteCount, let backup = BackupID(String(decoding: bytes[64..<76], as: UTF8.self)),
            bytes[76] <= 1
        else { throw HoldfastError(.malformed, "A record of a reference list is not as it should be") }
        name = ObjectName(bytes: Array(bytes[..<32]))
        manifest = ObjectName(bytes: Array(bytes[32..<64]))
        self.backup = backup
        mayMove = bytes[76] == 1
    }
}

/// A reference list that a rewriting has stored.
struct StoredList {
    /// Whose place it may take.
    var replaced: ObjectName
    var name: ObjectName
    var backup: BackupID

    var bytes: [UInt8] { replaced.bytes + name.bytes + Array(backup.text.utf8) }
}

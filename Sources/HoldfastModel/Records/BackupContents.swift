/// A table of a backed-up database, of which there are rows in the dump.
package struct BackupTable: Hashable, Codable, Sendable {
    package var schema: String
    package var name: String
    /// Counted while the dump was made: so many are in it.
    package var rows: Int64
    /// Of the rows in the dump, which is compressed later.
    package var bytes: Int64

    package init(schema: String, name: String, rows: Int64, bytes: Int64) {
        (self.schema, self.name, self.rows, self.bytes) = (schema, name, rows, bytes)
    }
}

/// One name in a directory of a backed-up media tree.
package struct BackupFile: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case directory, file, fifo, socket, device
        case symbolicLink = "symbolic-link"
        /// Another name of a file that stands earlier.
        case hardLink = "hard-link"
    }

    /// What the backup says about the content of a file.
    package enum Remark: String, Codable, Sendable, CaseIterable {
        /// It was removed while the backup was made; a row of the database may name it.
        case vanished
        /// As it was before the database's snapshot; the later content stands beside it under the same name.
        case earlier
        /// It changed each time it was read.
        case unsettled
    }

    /// Without the directories before it. A backslash, control characters and bytes that are no text are escaped.
    package var name: String
    package var kind: Kind
    /// Of a file.
    package var bytes: Int64?
    package var modifiedAt: Timestamp
    /// Permission bits, setuid, setgid and sticky.
    package var mode: UInt16
    package var owner: UInt32
    package var group: UInt32
    /// Where a link leads, escaped as the name is; of a hard link from the tree's root.
    package var target: String?
    package var remarks: [Remark]?

    package init(
        name: String, kind: Kind, bytes: Int64?, modifiedAt: Timestamp, mode: UInt16, owner: UInt32, group: UInt32,
        target: String?, remarks: [Remark]?
    ) {
        self.name = name
        self.kind = kind
        self.bytes = bytes
        self.modifiedAt = modifiedAt
        self.mode = mode
        self.owner = owner
        self.group = group
        self.target = target
        self.remarks = remarks
    }
}

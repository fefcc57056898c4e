package import HoldfastModel

/// Stores one object; its bytes follow as bulk. The reply comes after file and directory are synced.
package struct PutObject: Message {
    package static let name = "put-object"
    package typealias Reply = Done

    package var kind: ObjectKind
    package var object: ObjectName
    package var project: ProjectID
    package var byteCount: Int64
    package var layout: UInt64

    package init(kind: ObjectKind, object: ObjectName, project: ProjectID, byteCount: Int64, layout: UInt64) {
        self.kind = kind
        self.object = object
        self.project = project
        self.byteCount = byteCount
        self.layout = layout
    }
}

/// Reads a range of an object; its bytes come as bulk before the reply.
package struct GetObject: Message {
    package static let name = "get-object"

    package var kind: ObjectKind
    package var object: ObjectName
    package var project: ProjectID
    package var offset: Int64
    /// Nil reads to the end.
    package var length: Int64?

    package init(kind: ObjectKind, object: ObjectName, project: ProjectID, offset: Int64 = 0, length: Int64? = nil) {
        self.kind = kind
        self.object = object
        self.project = project
        self.offset = offset
        self.length = length
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Of the whole object.
        package var byteCount: Int64

        package init(byteCount: Int64) { self.byteCount = byteCount }
    }
}

/// Protects objects from collection until a time. Their names follow as bulk, 32 bytes each; those that the node can't
/// hold come back as bulk in the same form. The reply comes after the hold is durable.
package struct HoldObjects: Message {
    package static let name = "hold-objects"

    package var backup: BackupID
    package var project: ProjectID
    package var until: Timestamp
    package var layout: UInt64
    /// Until when nothing of it is given up, whoever asks; nil for no lock.
    package var lockedUntil: Timestamp?

    package init(
        backup: BackupID, project: ProjectID, until: Timestamp, layout: UInt64, lockedUntil: Timestamp? = nil
    ) {
        self.backup = backup
        self.project = project
        self.until = until
        self.layout = layout
        self.lockedUntil = lockedUntil
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var objects: Int
        package var bytes: Int64
        package var refused: Int

        package init(objects: Int, bytes: Int64, refused: Int) {
            self.objects = objects
            self.bytes = bytes
            self.refused = refused
        }
    }
}

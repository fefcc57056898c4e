package import HoldfastModel

/// Something in a backup that was found and can be read: a file, a directory as a tar, or the rows of a table.
package struct BackupContent: Sendable {
    package typealias Give = @Sendable ([UInt8]) async throws -> Void

    package var head: ContentHead
    /// Gives the bytes of a range in order; returns after the last. Who takes a piece slowly slows the reading. Every byte
    /// was compared with what the backup says of it before it is given.
    package var read: @Sendable (Range<Int64>, @escaping Give) async throws -> Void

    package init(head: ContentHead, read: @escaping @Sendable (Range<Int64>, @escaping Give) async throws -> Void) {
        self.head = head
        self.read = read
    }
}

/// What is known of it before the first byte is read.
package struct ContentHead: Hashable, Codable, Sendable {
    package enum Form: String, Codable, Sendable, CaseIterable {
        case file, directory, table
    }

    package var backup: BackupID
    package var service: ServiceReference
    package var form: Form
    /// What it is to be called on a disk: one component, whatever it is called in the backup.
    package var name: String
    /// Such as `image/jpeg`.
    package var type: String
    package var bytes: Int64
    /// Digits that are alike for the same bytes, and for no others.
    package var tag: String
    /// When it was captured.
    package var capturedAt: Timestamp

    package init(
        backup: BackupID, service: ServiceReference, form: Form, name: String, type: String, bytes: Int64, tag: String,
        capturedAt: Timestamp
    ) {
        self.backup = backup
        self.service = service
        self.form = form
        self.name = name
        self.type = type
        self.bytes = bytes
        self.tag = tag
        self.capturedAt = capturedAt
    }
}

/// That all of it was given, for whoever puts the pieces together.
package struct GivenContent: Hashable, Codable, Sendable {
    package var content: ContentHead
    /// Of the bytes, in hexadecimal digits.
    package var sha256: String

    package init(content: ContentHead, sha256: String) { (self.content, self.sha256) = (content, sha256) }
}

package import HoldfastModel

/// A token that lets one node join. Only its digest is kept, and that until the node has joined: the transaction that
/// puts the node deletes it, and expects it unchanged.
package struct JoinToken: CatalogRecord, Hashable {
    package var version = 1
    /// The SHA-256 of the token, in hexadecimal digits.
    package var digest: String
    package var author: String
    package var createdAt: Timestamp
    package var expiresAt: Timestamp

    package init(digest: String, author: String, createdAt: Timestamp, expiresAt: Timestamp) {
        self.digest = digest
        self.author = author
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    package static var recordKind: RecordKind { .token }
    package var catalogKey: String { digest }
    package var catalogOrder: Int64 { createdAt.milliseconds }
}

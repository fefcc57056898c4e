package import HoldfastModel

/// Named by name, so that a name is unique; the identifier is in the value.
extension User: CatalogRecord {
    package static var recordKind: RecordKind { .user }
    package var catalogKey: Name { name }
    package var catalogOrder: Int64 { createdAt.milliseconds }
}

/// In the group of its user, in the order of their ends.
extension Session: CatalogRecord {
    package static let scope = "begun"

    package static var recordKind: RecordKind { .session }
    package var catalogKey: SessionID { id }
    package var catalogScope: String { Self.scope }
    package var catalogGroup: String { user.text }
    package var catalogOrder: Int64 { expiresAt.milliseconds }
}

/// Among the tokens, in the group of its user.
extension Invitation: CatalogRecord {
    package static let scope = "invitation"

    package static var recordKind: RecordKind { .token }
    package var catalogKey: String { Self.key(id) }
    package var catalogScope: String { Self.scope }
    package var catalogGroup: String { user.text }
    package var catalogOrder: Int64 { expiresAt.milliseconds }

    package static func key(_ id: InvitationID) -> String { "invitation-\(id)" }
}

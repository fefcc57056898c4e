/// Lets somebody set the password of their account, once. The link follows from it and the cluster key, and is not kept.
package struct Invitation: Hashable, Codable, Sendable {
    package var version = 1
    package var id: InvitationID
    package var user: UserID
    package var name: Name
    package var createdAt: Timestamp
    package var expiresAt: Timestamp
    package var author: String

    package init(id: InvitationID, user: User, at now: Timestamp, valid: Duration, author: String) {
        self.id = id
        self.user = user.id
        self.name = user.name
        self.createdAt = now
        self.expiresAt = now.advanced(by: valid)
        self.author = author
    }

    /// What is signed.
    package var signedBytes: [UInt8] { Array("\(id)/\(user)/\(expiresAt.milliseconds)".utf8) }
}

package typealias InvitationID = ID<Invitation>

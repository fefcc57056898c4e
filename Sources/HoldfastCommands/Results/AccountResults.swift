package import HoldfastModel

/// A user as others are told of them.
package struct UserDetail: Codable, Hashable, Sendable {
    package var id: UserID
    package var name: Name
    package var mail: MailAddress?
    package var state: User.State
    package var isAdministrator: Bool
    package var roles: [Name: Role]
    package var createdAt: Timestamp
    package var author: String
    package var lastLoginAt: Timestamp?

    /// - Parameter roles: those in projects that are still the same.
    package init(_ user: User, roles: [Name: Role]) {
        id = user.id
        name = user.name
        mail = user.mail
        state = user.state
        isAdministrator = user.isAdministrator
        self.roles = roles
        createdAt = user.createdAt
        author = user.author
        lastLoginAt = user.lastLoginAt
    }

    /// What a token with limits is told of its user: what it may itself, and nothing that is the user's own.
    package func limited(to principal: Principal) -> UserDetail {
        var detail = self
        detail.isAdministrator = principal.isAdministrator
        detail.roles = principal.roles
        detail.mail = nil
        detail.lastLoginAt = nil
        return detail
    }
}

/// How somebody gets into their account: shown once.
package struct Credential: Codable, Hashable, Sendable {
    package var user: Name
    /// One that was made for them.
    package var password: Secret?
    /// A link to set one by, where it does not go by mail.
    package var link: Secret?
    package var expiresAt: Timestamp?
    /// Where the link goes.
    package var mail: MailAddress?

    package init(
        user: Name, password: Secret? = nil, link: Secret? = nil, expiresAt: Timestamp? = nil, mail: MailAddress? = nil
    ) {
        self.user = user
        self.password = password
        self.link = link
        self.expiresAt = expiresAt
        self.mail = mail
    }
}

package struct AccessTokenDetail: Codable, Hashable, Sendable {
    package var id: AccessTokenID
    /// Whose it is; of a principal without an account its name.
    package var user: String
    package var label: String
    package var limits: TokenLimits
    package var createdAt: Timestamp
    package var expiresAt: Timestamp?
    /// Roughly.
    package var lastUsedAt: Timestamp?

    package init(
        id: AccessTokenID, user: String, label: String, limits: TokenLimits, createdAt: Timestamp,
        expiresAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.user = user
        self.label = label
        self.limits = limits
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}

/// What access tokens are named by.
package enum AccessTokenMark {}
package typealias AccessTokenID = ID<AccessTokenMark>

package struct NewAccessToken: Codable, Hashable, Sendable {
    package var detail: AccessTokenDetail
    /// Shown once.
    package var token: Secret

    package init(detail: AccessTokenDetail, token: Secret) {
        self.detail = detail
        self.token = token
    }
}

package struct SessionDetail: Codable, Hashable, Sendable {
    package var id: SessionID
    package var user: Name
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp
    package var expiresAt: Timestamp
    package var address: String?
    package var agent: String?

    package init(_ session: Session) {
        id = session.id
        user = session.name
        createdAt = session.createdAt
        lastUsedAt = session.lastUsedAt
        expiresAt = session.expiresAt
        address = session.address
        agent = session.agent
    }
}

package import HoldfastModel

/// Makes an account with a password of the coordinator's choice, unless one is given.
package struct UserCreate: Hashable, Codable, Sendable {
    package var name: Name
    package var mail: MailAddress?
    package var isAdministrator: Bool
    package var roles: [Name: Role]
    package var password: Secret?

    package init(
        name: Name, mail: MailAddress? = nil, isAdministrator: Bool = false, roles: [Name: Role] = [:],
        password: Secret? = nil
    ) {
        self.name = name
        self.mail = mail
        self.isAdministrator = isAdministrator
        self.roles = roles
        self.password = password
    }
}

/// Makes an account whose user sets the password by a link, which goes by mail where an address is given. For an account
/// that is there, a new link.
package struct UserInvite: Hashable, Codable, Sendable {
    package static let validSecondsRange = 3600...(30 * 86_400)
    package static let defaultValidSeconds = 7 * 86_400

    package var name: Name
    package var mail: MailAddress?
    package var isAdministrator: Bool
    package var roles: [Name: Role]
    package var validSeconds: Int

    package init(
        name: Name, mail: MailAddress? = nil, isAdministrator: Bool = false, roles: [Name: Role] = [:],
        validSeconds: Int = defaultValidSeconds
    ) {
        self.name = name
        self.mail = mail
        self.isAdministrator = isAdministrator
        self.roles = roles
        self.validSeconds = validSeconds
    }
}

/// Sets a password, and ends the user's sessions.
package struct UserPassword: Hashable, Codable, Sendable {
    package var user: Name
    /// Needed for one's own account, unless by what was made with the cluster's own files.
    package var current: Secret?
    /// Nil has one made, which is shown once.
    package var password: Secret?

    package init(user: Name, current: Secret? = nil, password: Secret? = nil) {
        self.user = user
        self.current = current
        self.password = password
    }
}

/// Gives or takes what somebody may.
package struct UserRole: Hashable, Codable, Sendable {
    package enum Grant: Hashable, Codable, Sendable {
        /// Nil takes the role away.
        case project(Name, Role?)
        case administrator(Bool)
    }

    package var user: Name
    package var grant: Grant

    package init(user: Name, grant: Grant) {
        self.user = user
        self.grant = grant
    }
}

/// Somebody who signs in, as the catalog keeps them, by name.
package struct User: Hashable, Codable, Sendable {
    package var version = 1
    package var id: UserID
    package var name: Name
    package var mail: MailAddress?
    package var isAdministrator: Bool
    package var roles: [Name: ProjectRole]
    /// Nil until they have set one by an invitation.
    package var password: PasswordHash?
    /// A session made under another number is over: the number changes with the password, and when they are disabled.
    package var generation: Int
    package var disabledAt: Timestamp?
    package var createdAt: Timestamp
    package var author: String
    package var lastLoginAt: Timestamp?

    /// A role and the project it is in: a new project of the same name gives no rights.
    package struct ProjectRole: Hashable, Codable, Sendable {
        package var project: ProjectID
        package var role: Role

        package init(project: ProjectID, role: Role) {
            self.project = project
            self.role = role
        }
    }

    package enum State: String, Codable, Sendable, CaseIterable {
        case active
        /// Without a password yet.
        case invited
        case disabled
    }

    package init(
        id: UserID, name: Name, mail: MailAddress? = nil, isAdministrator: Bool = false,
        roles: [Name: ProjectRole] = [:], createdAt: Timestamp, author: String
    ) {
        self.id = id
        self.name = name
        self.mail = mail
        self.isAdministrator = isAdministrator
        self.roles = roles
        self.generation = 1
        self.createdAt = createdAt
        self.author = author
    }

    package var state: State { disabledAt != nil ? .disabled : password == nil ? .invited : .active }

    /// Ends every session there is.
    package mutating func endSessions() { generation += 1 }

    /// Sets a password, and ends every session that was begun with another one.
    package mutating func set(_ password: PasswordHash) {
        self.password = password
        endSessions()
    }
}

package typealias UserID = ID<User>

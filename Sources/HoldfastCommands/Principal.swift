package import HoldfastModel

/// Who asks, and what they may.
package struct Principal: Hashable, Sendable {
    package var name: String
    package var isAdministrator: Bool
    package var roles: [Name: Role]
    /// May only look, whatever their roles.
    package var isReadOnly: Bool
    /// The account that this stands for; nil for a principal without one, as tokens of earlier versions are.
    package var user: Name?
    /// The label of the token that is used, for the audit.
    package var token: String?
    /// Whether they have all that the account has, so that they may change the account itself.
    package var isWhole: Bool
    /// Whether they came by what was made with the cluster's own files, so that a lost password is not needed to set another.
    package var isRecovery: Bool

    package init(
        name: String, isAdministrator: Bool = false, roles: [Name: Role] = [:], isReadOnly: Bool = false,
        user: Name? = nil, token: String? = nil, isWhole: Bool = true, isRecovery: Bool = false
    ) {
        self.name = name
        self.isAdministrator = isAdministrator
        self.roles = roles
        self.isReadOnly = isReadOnly
        self.user = user
        self.token = token
        self.isWhole = isWhole
        self.isRecovery = isRecovery
    }

    package func has(_ role: Role, in project: Name) -> Bool {
        isAdministrator || roles[project].map { $0 >= role } ?? false
    }
}

extension Principal: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, isAdministrator, roles, isReadOnly, user, token, isWhole, isRecovery
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        isAdministrator = try container.decode(Bool.self, forKey: .isAdministrator)
        roles = try container.decode([Name: Role].self, forKey: .roles)
        isReadOnly = try container.decodeIfPresent(Bool.self, forKey: .isReadOnly) ?? false
        user = try container.decodeIfPresent(Name.self, forKey: .user)
        token = try container.decodeIfPresent(String.self, forKey: .token)
        isWhole = try container.decodeIfPresent(Bool.self, forKey: .isWhole) ?? true
        isRecovery = try container.decodeIfPresent(Bool.self, forKey: .isRecovery) ?? false
    }
}

/// What a token may at most do of what its user may.
package struct TokenLimits: Hashable, Codable, Sendable {
    /// Only look.
    package var isReadOnly: Bool
    /// No more than this role anywhere, and nothing of an administrator.
    package var role: Role?
    /// Only in this project, and nothing of an administrator.
    package var project: Name?

    package init(isReadOnly: Bool = false, role: Role? = nil, project: Name? = nil) {
        self.isReadOnly = isReadOnly
        self.role = role
        self.project = project
    }

    package static let none = TokenLimits()
}

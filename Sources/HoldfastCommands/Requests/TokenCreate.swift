package import HoldfastModel

/// Makes a token by which a program acts for a user.
package struct TokenCreate: Hashable, Codable, Sendable {
    package static let labelLimit = 60
    package static let longestSeconds = 3650 * 86_400

    /// What it is for, in people's words.
    package var label: String
    /// Nil is whoever asks.
    package var user: Name?
    package var limits: TokenLimits
    /// Nil for one that works until it is revoked.
    package var validSeconds: Int?

    package init(label: String, user: Name? = nil, limits: TokenLimits = .none, validSeconds: Int? = 90 * 86_400) {
        self.label = label
        self.user = user
        self.limits = limits
        self.validSeconds = validSeconds
    }
}

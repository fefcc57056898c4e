package import HoldfastModel

/// What was changed, the newest first.
package struct AuditList: Hashable, Codable, Sendable {
    package static let limitRange = 1...1000

    /// Nil is everything, for administrators.
    package var project: Name?
    package var user: String?
    package var since: Timestamp?
    package var limit: Int
    /// Continues after this entry.
    package var after: AuditID?

    package init(
        project: Name? = nil, user: String? = nil, since: Timestamp? = nil, limit: Int = 100, after: AuditID? = nil
    ) {
        self.project = project
        self.user = user
        self.since = since
        self.limit = limit
        self.after = after
    }
}

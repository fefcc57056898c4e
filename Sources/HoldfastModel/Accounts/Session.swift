/// Somebody signed in with a browser. Whoever has its token acts for the user; only the token's SHA-256 is kept.
package struct Session: Hashable, Codable, Sendable {
    package var version = 1
    package var id: SessionID
    /// In hexadecimal digits.
    package var digest: String
    package var user: UserID
    package var name: Name
    /// The user's at the time.
    package var generation: Int
    package var createdAt: Timestamp
    /// Roughly: written only now and then.
    package var lastUsedAt: Timestamp
    /// The end, however much it is used.
    package var expiresAt: Timestamp
    /// Where it was begun from.
    package var address: String?
    /// What the browser called itself.
    package var agent: String?

    package init(
        id: SessionID, digest: String, user: User, at now: Timestamp, lifetime: Duration, address: String?,
        agent: String?
    ) {
        self.id = id
        self.digest = digest
        self.user = user.id
        self.name = user.name
        self.generation = user.generation
        self.createdAt = now
        self.lastUsedAt = now
        self.expiresAt = now.advanced(by: lifetime)
        self.address = address
        self.agent = agent.map { $0.printable(limit: 200) }
    }

    /// Whether it is over by time, or because its user's sessions were ended.
    package func isOver(for user: User, at now: Timestamp, idle: Duration) -> Bool {
        now >= expiresAt || now >= lastUsedAt.advanced(by: idle) || user.id != self.user
            || user.generation != generation || user.state != .active
    }
}

package typealias SessionID = ID<Session>

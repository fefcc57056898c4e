import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel

/// Makes access tokens and recognises them.
package struct AccessTokens: Sendable {
    static let prefix = "hfat_"
    static let perUser = 50
    /// How often it is written that a token is used.
    private static let usePause = Duration.seconds(600)

    let office: Office

    /// A token for a user, to be committed with what else changes.
    func make(
        for user: User, label: String, limits: TokenLimits = .none, project: ProjectID? = nil,
        expiresAt: Timestamp? = nil, isRecovery: Bool = false, _ changes: inout Changes
    ) throws -> (record: AccessToken, token: Secret) {
        let token = SecretDigest.make(Self.prefix, office.entropy)
        var record = AccessToken(
            digest: SecretDigest.of(token), user: user, label: label, limits: limits, project: project,
            createdAt: office.clock.now, expiresAt: expiresAt)
        if isRecovery { record.isRecovery = true }
        try changes.insert(record)
        return (record, token)
    }

    /// Nil for a token that is unknown or has expired, or whose user may not sign in. The look-up is by hash, so its time
    /// tells nothing about the token.
    package func principal(bearing token: Secret) async throws -> Principal? {
        let text = token.revealed
        guard text.utf8.count == Self.prefix.utf8.count + 2 * SecretDigest.byteCount, text.hasPrefix(Self.prefix),
            let stored = try await office.catalog.get(AccessToken.self, AccessToken.key(SecretDigest.of(token))),
            !stored.value.isOver(at: office.clock.now)
        else { return nil }
        let principal: Principal
        if let name = stored.value.user {
            guard let user = try await office.catalog.get(User.self, name)?.value, user.id == stored.value.userID,
                let known = try await office.principal(of: user, through: stored.value)
            else { return nil }
            principal = known
        } else {
            principal = stored.value.principal
        }
        await noteUse(of: stored)
        return principal
    }

    func all(of user: User? = nil) async throws -> [Stored<AccessToken>] {
        try await office.catalog.all(AccessToken.self, scope: AccessToken.scope, group: user?.id.text)
    }

    func token(_ id: AccessTokenID) async throws -> Stored<AccessToken>? {
        try await all().first { $0.value.id == id }
    }

    /// Nobody's work depends on it.
    private func noteUse(of stored: Stored<AccessToken>) async {
        let now = office.clock.now
        if let last = stored.value.lastUsedAt, last.duration(to: now) < Self.usePause { return }
        var token = stored.value
        token.lastUsedAt = now
        var changes = Changes()
        try? changes.put(token, over: stored)
        try? await office.ledger.commit(changes)
    }
}

package import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel

/// Who a token stands for, and how much of what they may. Only the token's SHA-256 is kept.
package struct AccessToken: CatalogRecord, Hashable {
    package var version = 1
    package var digest: String
    /// What it stands for where it has no user, as tokens of earlier versions; otherwise only a name.
    package var principal: Principal
    package var createdAt: Timestamp
    package var user: Name?
    package var userID: UserID?
    package var label: String?
    package var limits: TokenLimits?
    /// The project that `limits` name: another one of the same name is not meant.
    package var project: ProjectID?
    package var expiresAt: Timestamp?
    /// Roughly: written only now and then.
    package var lastUsedAt: Timestamp?
    /// True for one that was made by whoever has the cluster's own files, for a password that is lost.
    package var isRecovery: Bool?

    package init(digest: String, principal: Principal, createdAt: Timestamp) {
        self.digest = digest
        self.principal = principal
        self.createdAt = createdAt
    }

    init(
        digest: String, user: User, label: String, limits: TokenLimits, project: ProjectID?, createdAt: Timestamp,
        expiresAt: Timestamp?
    ) {
        self.init(digest: digest, principal: Principal(name: user.name.text), createdAt: createdAt)
        self.user = user.name
        userID = user.id
        self.label = label
        self.limits = limits
        self.project = project
        self.expiresAt = expiresAt
    }

    /// The beginning of the digest, which has the form of an identifier.
    package var id: AccessTokenID? { AccessTokenID(String(digest.prefix(AccessTokenID.length))) }

    func isOver(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

    package static let scope = "access"

    package static var recordKind: RecordKind { .token }
    /// Join tokens, of the same kind, are bare digests.
    package var catalogKey: String { Self.key(digest) }
    package var catalogScope: String { Self.scope }
    package var catalogGroup: String { userID?.text ?? "" }
    package var catalogOrder: Int64 { createdAt.milliseconds }

    package static func key(_ digest: String) -> String { "access-\(digest)" }
}

extension AccessTokenDetail {
    init?(_ token: AccessToken) {
        guard let id = token.id else { return nil }
        self.init(
            id: id, user: token.user?.text ?? token.principal.name, label: token.label ?? "-",
            limits: token.limits ?? .none, createdAt: token.createdAt, expiresAt: token.expiresAt,
            lastUsedAt: token.lastUsedAt)
    }
}

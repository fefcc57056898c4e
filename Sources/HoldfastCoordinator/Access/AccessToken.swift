package import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel

/// Who a token stands for. Only the token's SHA-256 is kept.
package struct AccessToken: CatalogRecord, Hashable {
    package var version = 1
    package var digest: String
    package var principal: Principal
    package var createdAt: Timestamp

    package init(digest: String, principal: Principal, createdAt: Timestamp) {
        self.digest = digest
        self.principal = principal
        self.createdAt = createdAt
    }

    package static let scope = "access"

    package static var recordKind: RecordKind { .token }
    /// Join tokens, of the same kind, are bare digests.
    package var catalogKey: String { Self.key(digest) }
    package var catalogScope: String { Self.scope }
    package var catalogOrder: Int64 { createdAt.milliseconds }

    package static func key(_ digest: String) -> String { "access-\(digest)" }
}

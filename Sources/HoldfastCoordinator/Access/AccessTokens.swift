import Crypto
import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel

/// Makes access tokens and recognises them.
package struct AccessTokens: Sendable {
    private static let prefix = "hfat_"
    private static let byteCount = 32

    let office: Office

    /// A token for the principal; nobody can read it out again.
    package func make(for principal: Principal) async throws -> Secret {
        let text = Self.prefix + office.entropy.bytes(Self.byteCount).hexadecimal
        var changes = Changes()
        try changes.insert(AccessToken(digest: Self.digest(text), principal: principal, createdAt: office.now))
        try await office.ledger.commit(changes)
        return Secret(text)
    }

    /// Nil for a token that is unknown. The look-up is by hash, so its time tells nothing about the token.
    package func principal(bearing token: Secret) async throws -> Principal? {
        let text = token.revealed
        guard text.utf8.count == Self.prefix.utf8.count + 2 * Self.byteCount, text.hasPrefix(Self.prefix) else {
            return nil
        }
        return try await office.catalog.get(AccessToken.self, AccessToken.key(Self.digest(text)))?.value.principal
    }

    private static func digest(_ text: String) -> String { Array(SHA256.hash(data: Array(text.utf8))).hexadecimal }
}

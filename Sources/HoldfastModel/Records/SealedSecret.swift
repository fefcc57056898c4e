/// A secret sealed by the cluster key, as base64 of nonce, ciphertext and tag. What is inside never leaves memory.
package struct SealedSecret: Hashable, Codable, Sendable {
    package var sealed: String

    package init(sealed: String) { self.sealed = sealed }
}

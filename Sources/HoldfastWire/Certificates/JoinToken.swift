import Crypto
package import HoldfastModel

/// What a new node needs to join: how to know the cluster, and the right to join it once.
///
/// As text `hfjoin_` and base 32 of: version 1, 32 bytes fingerprint of the authority, 16 bytes secret, and the first 3
/// bytes of the SHA-256 of all before, so that a slip in copying is told from a token that was used up.
package struct JoinToken: Hashable, Sendable {
    package static let prefix = "hfjoin_"
    private static let version: UInt8 = 1
    private static let byteCount = 52

    /// SHA-256 of the DER of the authority's certificate.
    package let fingerprint: [UInt8]
    private let secret: [UInt8]

    /// - Precondition: `fingerprint` has 32 bytes.
    package init(fingerprint: [UInt8], entropy: some Entropy) {
        precondition(fingerprint.count == 32)
        self.fingerprint = fingerprint
        secret = entropy.bytes(16)
    }

    /// Throws `invalidArgument` and says what is wrong with the text, without repeating it.
    package init(_ text: Secret) throws(HoldfastError) {
        // People paste with blanks and line breaks around.
        let typed = text.revealed.filter { !$0.isWhitespace }.lowercased()
        guard typed.hasPrefix(Self.prefix) else {
            throw HoldfastError(.invalidArgument, "A join token begins with “\(Self.prefix)”; this text does not.")
        }
        guard typed.utf8.count <= 200, let bytes = TokenBase32.bytes(typed.dropFirst(Self.prefix.count)) else {
            throw HoldfastError(.invalidArgument, "The join token holds characters that no token has: copy it again.")
        }
        guard bytes.first == Self.version || bytes.count < Self.byteCount else {
            throw HoldfastError(.unsupported, "The join token is of another version: use the same version of Holdfast.")
        }
        guard bytes.count == Self.byteCount, Self.check(bytes[..<49]) == Array(bytes[49...]) else {
            throw HoldfastError(
                .invalidArgument, "The join token is incomplete or has a wrong character: copy it again.")
        }
        fingerprint = Array(bytes[1..<33])
        secret = Array(bytes[33..<49])
    }

    package var text: Secret {
        let bytes = [Self.version] + fingerprint + secret
        return Secret(Self.prefix + TokenBase32.text(bytes + Self.check(bytes[...])))
    }

    /// What the coordinator keeps to recognise the token: the SHA-256 of its secret.
    package var secretHash: [UInt8] { Array(SHA256.hash(data: secret)) }

    private static func check(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(SHA256.hash(data: bytes).prefix(3))
    }
}

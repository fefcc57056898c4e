import Crypto
import HoldfastModel

/// Long random secrets that are kept as their SHA-256.
enum SecretDigest {
    static let byteCount = 32

    /// A new one in hexadecimal digits, after a prefix by which people and programs know what it is.
    static func make(_ prefix: String, _ entropy: any Entropy) -> Secret {
        Secret(prefix + entropy.bytes(byteCount).hexadecimal)
    }

    /// Of the whole text.
    static func of(_ secret: Secret) -> String { Array(SHA256.hash(data: Array(secret.revealed.utf8))).hexadecimal }

    /// In a time that doesn't tell where they differ.
    static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

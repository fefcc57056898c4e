import Crypto
import FoundationEssentials
package import HoldfastModel

/// The cluster's own key: it wraps the keys of projects and the catalog's other secrets. With it may be earlier ones, in
/// whose place it came: they open, and seal nothing any more.
package struct ClusterKey: Sendable {
    private static let keyBytes = 32
    private static let prefix = "hfck1."
    private static let version: UInt8 = 1
    private static let nonceBytes = 12

    /// As many keys as may be given together.
    private static let keyLimit = 16

    private let material: [UInt8]
    private let earlier: [[UInt8]]

    package init(generatedFrom entropy: some Entropy) {
        self.init(entropy.bytes(Self.keyBytes), earlier: [])
    }

    private init(_ material: [UInt8], earlier: [[UInt8]]) {
        self.material = material
        self.earlier = earlier
    }

    /// Reads what `text` gives; space around it is ignored.
    ///
    /// - Throws: `malformed` if it is anything else.
    package init(text: Secret) throws(HoldfastError) {
        let lines = text.revealed.split(whereSeparator: \.isWhitespace)
        let keys = lines.prefix(Self.keyLimit).compactMap(Self.material(of:))
        guard let material = keys.first, keys.count == lines.count, Set(keys).count == keys.count else {
            throw HoldfastError(
                .malformed,
                """
                This is no cluster key: it begins with hfck1. and was perhaps cut or mistyped. Compare with the original. \
                Earlier keys, up to \(Self.keyLimit - 1), may stand below it, each on a line of its own.
                """)
        }
        self.init(material, earlier: Array(keys.dropFirst()))
    }

    private static func material(of line: Substring) -> [UInt8]? {
        let pieces = line.split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count == 3, pieces[0] == "hfck1", let material = [UInt8](hexadecimal: String(pieces[1])),
            material.count == keyBytes, pieces[2] == checksum(material)
        else { return nil }
        return material
    }

    /// A line for each key, the present one first; to be kept in a file of mode 0600 and in a safe place outside the cluster.
    package var text: Secret {
        Secret(
            ([material] + earlier).map { "\(Self.prefix)\($0.hexadecimal).\(Self.checksum($0))" }.joined(
                separator: "\n"))
    }

    /// A new key, with this one and those before it.
    ///
    /// - Throws: `tooLarge` with too many earlier ones.
    package func rotated(from entropy: some Entropy) throws(HoldfastError) -> ClusterKey {
        guard earlier.count + 2 <= Self.keyLimit else {
            throw HoldfastError(
                .tooLarge, "There are \(earlier.count) earlier cluster keys: end the last rotation first")
        }
        return ClusterKey(entropy.bytes(Self.keyBytes), earlier: [material] + earlier)
    }

    /// Without those that came before it.
    package var alone: ClusterKey { ClusterKey(material, earlier: []) }

    /// How many keys came before it and are still here.
    package var earlierCount: Int { earlier.count }

    /// By which people tell keys apart; says nothing of the key itself.
    package var fingerprint: String { Self.checksum(material) }

    /// - Parameter purpose: what the secret is for, such as `project-keys/0123456789ab`; opening needs the same.
    package func seal(_ secret: Secret, purpose: String, entropy: some Entropy) throws -> SealedSecret {
        let box = try AES.GCM.seal(
            Array(secret.revealed.utf8), using: Self.sealingKey(material),
            nonce: AES.GCM.Nonce(data: entropy.bytes(Self.nonceBytes)), authenticating: associatedData(purpose))
        let bytes = [Self.version] + box.nonce + Array(box.ciphertext) + Array(box.tag)
        return SealedSecret(sealed: Data(bytes).base64EncodedString())
    }

    /// - Throws: `corrupt` for another key, another purpose or changed bytes; `unsupported` for a later version.
    package func open(_ sealed: SealedSecret, purpose: String) throws(HoldfastError) -> Secret {
        guard let data = Data(base64Encoded: sealed.sealed), let version = data.first else { throw Self.unopened }
        guard version == Self.version else {
            throw HoldfastError(.unsupported, "A sealed secret is of a later version. Update Holdfast.")
        }
        let bytes = Array(data.dropFirst())
        guard bytes.count >= Self.nonceBytes + Limits.tagBytes else { throw Self.unopened }
        for material in [material] + earlier {
            if let plain = try? Self.open(bytes, material, associatedData(purpose)) { return Secret(plain) }
        }
        throw Self.unopened
    }

    private static func open(_ bytes: [UInt8], _ material: [UInt8], _ associatedData: [UInt8]) throws -> String {
        let box = try AES.GCM.SealedBox(
            nonce: AES.GCM.Nonce(data: bytes.prefix(nonceBytes)),
            ciphertext: bytes.dropFirst(nonceBytes).dropLast(Limits.tagBytes), tag: bytes.suffix(Limits.tagBytes))
        let plain = try AES.GCM.open(box, using: sealingKey(material), authenticating: associatedData)
        guard let text = String(validating: plain, as: UTF8.self) else { throw unopened }
        return text
    }

    /// The same secret sealed with the present key; nil where it is so already.
    ///
    /// - Throws: as `open` does.
    package func resealed(_ sealed: SealedSecret, purpose: String, entropy: some Entropy) throws -> SealedSecret? {
        if (try? alone.open(sealed, purpose: purpose)) != nil { return nil }
        return try seal(try open(sealed, purpose: purpose), purpose: purpose, entropy: entropy)
    }

    /// A code that only who has the cluster key can make: HMAC-SHA-256 under a key of its own for each purpose.
    package func code(for bytes: [UInt8], purpose: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: Self.codeKey(material, purpose)))
    }

    /// Whether this key or an earlier one made it. Compares in constant time.
    package func isCode(_ code: [UInt8], for bytes: [UInt8], purpose: String) -> Bool {
        ([material] + earlier).contains {
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: Self.codeKey($0, purpose))
        }
    }

    private static func codeKey(_ material: [UInt8], _ purpose: String) -> SymmetricKey {
        KeyDerivation.key(material, info: "\(KeyDerivation.clusterCodes)/\(purpose)")
    }

    private static func sealingKey(_ material: [UInt8]) -> SymmetricKey {
        KeyDerivation.key(material, info: KeyDerivation.clusterSecrets)
    }

    private func associatedData(_ purpose: String) -> [UInt8] {
        [Self.version] + Array("\(KeyDerivation.clusterSecrets)/\(purpose)".utf8)
    }

    private static var unopened: HoldfastError {
        HoldfastError(
            .corrupt,
            """
            A secret can't be opened with this cluster key. Start with the key that the cluster has now, and earlier ones \
            below it
            """)
    }

    private static func checksum(_ material: [UInt8]) -> String {
        SHA256.hash(data: Array(prefix.utf8) + material).prefix(4).map { $0 }.hexadecimal
    }
}

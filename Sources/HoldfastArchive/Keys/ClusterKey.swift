import Crypto
import FoundationEssentials
package import HoldfastModel

/// The cluster's own key: it wraps the keys of projects and the catalog's other secrets.
package struct ClusterKey: Sendable {
    private static let keyBytes = 32
    private static let prefix = "hfck1."
    private static let version: UInt8 = 1
    private static let nonceBytes = 12

    private let material: [UInt8]

    package init(generatedFrom entropy: some Entropy) { material = entropy.bytes(Self.keyBytes) }

    /// Reads what `text` gives; space around it is ignored.
    ///
    /// - Throws: `malformed` if it is anything else.
    package init(text: Secret) throws(HoldfastError) {
        let trimmed = text.revealed.drop(while: \.isWhitespace)
        let pieces = trimmed.prefix { !$0.isWhitespace }.split(separator: ".", omittingEmptySubsequences: false)
        guard trimmed.drop(while: { !$0.isWhitespace }).allSatisfy(\.isWhitespace), pieces.count == 3,
            pieces[0] == "hfck1", let material = [UInt8](hexadecimal: String(pieces[1])),
            material.count == Self.keyBytes, pieces[2] == Self.checksum(material)
        else {
            throw HoldfastError(
                .malformed,
                "This is no cluster key: it begins with hfck1. and was perhaps cut or mistyped. Compare with the original."
            )
        }
        self.material = material
    }

    /// One line, to be kept in a file of mode 0600 and in a safe place outside the cluster.
    package var text: Secret { Secret("\(Self.prefix)\(material.hexadecimal).\(Self.checksum(material))") }

    /// - Parameter purpose: what the secret is for, such as `project-keys/0123456789ab`; opening needs the same.
    package func seal(_ secret: Secret, purpose: String, entropy: some Entropy) throws -> SealedSecret {
        let box = try AES.GCM.seal(
            Array(secret.revealed.utf8), using: sealingKey,
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
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: bytes.prefix(Self.nonceBytes)),
                ciphertext: bytes.dropFirst(Self.nonceBytes).dropLast(Limits.tagBytes),
                tag: bytes.suffix(Limits.tagBytes))
            let plain = try AES.GCM.open(box, using: sealingKey, authenticating: associatedData(purpose))
            guard let text = String(validating: plain, as: UTF8.self) else { throw Self.unopened }
            return Secret(text)
        } catch {
            throw Self.unopened
        }
    }

    /// A code that only who has the cluster key can make: HMAC-SHA-256 under a key of its own for each purpose.
    package func code(for bytes: [UInt8], purpose: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: codeKey(purpose)))
    }

    /// Compares in constant time.
    package func isCode(_ code: [UInt8], for bytes: [UInt8], purpose: String) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: codeKey(purpose))
    }

    private func codeKey(_ purpose: String) -> SymmetricKey {
        KeyDerivation.key(material, info: "\(KeyDerivation.clusterCodes)/\(purpose)")
    }

    private var sealingKey: SymmetricKey { KeyDerivation.key(material, info: KeyDerivation.clusterSecrets) }

    private func associatedData(_ purpose: String) -> [UInt8] {
        [Self.version] + Array("\(KeyDerivation.clusterSecrets)/\(purpose)".utf8)
    }

    private static var unopened: HoldfastError {
        HoldfastError(
            .corrupt,
            "A secret can't be opened with this cluster key. Start with the key that the cluster was made with.")
    }

    private static func checksum(_ material: [UInt8]) -> String {
        SHA256.hash(data: Array(prefix.utf8) + material).prefix(4).map { $0 }.hexadecimal
    }
}

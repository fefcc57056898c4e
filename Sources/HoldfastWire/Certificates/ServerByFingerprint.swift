import Crypto
import Foundation
import HoldfastModel
import SwiftASN1
import X509

/// How a node that knows only the authority's fingerprint verifies a coordinator: the chain must contain the authority
/// itself, and the coordinator's certificate must be its work.
struct ServerByFingerprint: Sendable {
    let fingerprint: [UInt8]

    /// PEM of the authority, where `chain` (DER, leaf first) proves a coordinator of the cluster; nil otherwise.
    func authority(of chain: [[UInt8]], now: Timestamp) -> String? {
        let authorityBytes = chain.first { Array(SHA256.hash(data: $0)) == fingerprint }
        guard let authorityBytes, let leafBytes = chain.first,
            let authority = try? Certificate(derEncoded: authorityBytes),
            let leaf = try? Certificate(derEncoded: leafBytes),
            case .isCertificateAuthority = try? authority.extensions.basicConstraints,
            leaf.issuer == authority.subject,
            authority.publicKey.isValidSignature(leaf.signature, for: leaf),
            isValid(authority, now), isValid(leaf, now),
            (try? CertificateRole.of(leaf)) == .coordinator
        else { return nil }
        return try? authority.serializeAsPEM().pemString
    }

    private func isValid(_ certificate: Certificate, _ now: Timestamp) -> Bool {
        let time = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
        return certificate.notValidBefore <= time && time <= certificate.notValidAfter
    }
}

import Crypto
import Foundation
package import HoldfastModel
import SwiftASN1
import X509

/// The cluster's own certificate authority: whoever shows a certificate of it belongs to the cluster.
package struct ClusterCA: Sendable {
    /// Ten years, for the authority and what it issues.
    package static let lifetime = Duration.seconds(3650 * 86_400)

    private let certificate: Certificate
    private let key: P256.Signing.PrivateKey

    package var certificatePEM: String { (try? certificate.serializeAsPEM().pemString) ?? "" }
    package var keyPEM: Secret { Secret(key.pemRepresentation) }
    package var trust: TLSTrust { TLSTrust(authorityPEM: certificatePEM) }

    /// SHA-256 of the certificate's DER; a join token carries it.
    package var fingerprint: [UInt8] { (try? Self.fingerprint(of: certificatePEM)) ?? [] }

    /// A new authority with a key from the system's random source.
    package init(cluster: String, now: Timestamp) throws(HoldfastError) {
        key = P256.Signing.PrivateKey()
        do {
            let name = try DistinguishedName {
                CommonName("Holdfast \(cluster.printable(limit: 40))")
                OrganizationName("Holdfast")
            }
            let publicKey = Certificate.PublicKey(key.publicKey)
            certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
                notValidBefore: Self.start(now), notValidAfter: Self.date(now.advanced(by: Self.lifetime)),
                issuer: name, subject: name,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: publicKey)
                },
                issuerPrivateKey: Certificate.PrivateKey(key))
        } catch {
            throw HoldfastError(.internal, "The cluster's authority could not be made.")
        }
    }

    /// Reads what `certificatePEM` and `keyPEM` gave. Throws `malformed`.
    package init(certificatePEM: String, keyPEM: Secret) throws(HoldfastError) {
        guard let certificate = try? Certificate(pemEncoded: certificatePEM) else {
            throw HoldfastError(.malformed, "The authority's certificate is not readable PEM.")
        }
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: keyPEM.revealed) else {
            throw HoldfastError(.malformed, "The authority's key is not the PEM of a P-256 key.")
        }
        guard certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
            throw HoldfastError(.malformed, "The authority's key does not belong to its certificate.")
        }
        (self.certificate, self.key) = (certificate, key)
    }

    /// The certificate and key of a coordinator. `hosts` are names and addresses under which people and tools such as
    /// `openssl` or a browser reach it; `localhost` is always among them.
    package func issueCoordinator(hosts: [String] = [], now: Timestamp) throws(HoldfastError) -> TLSIdentity {
        try issueWithKey(.coordinator, hosts: ["localhost", "127.0.0.1", "::1"] + hosts, now: now)
    }

    /// The certificate, chain included, of a node that has made its own key. Throws `invalidArgument` where the request
    /// is not one.
    package func issueNode(_ node: NodeID, requestPEM: String, now: Timestamp) throws(HoldfastError) -> String {
        try issue(.node(node), CertificateRequest.publicKey(in: requestPEM), hosts: [], now: now)
    }

    /// The certificate and key of a node that this process makes for itself, as in a one-process cluster.
    package func issueNode(_ node: NodeID, now: Timestamp) throws(HoldfastError) -> TLSIdentity {
        try issueWithKey(.node(node), hosts: [], now: now)
    }

    /// The certificate and key of a person or script.
    package func issueOperator(_ name: String, now: Timestamp) throws(HoldfastError) -> TLSIdentity {
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21..<0x7f).contains($0) }) else {
            throw HoldfastError(
                .invalidArgument, "An operator's name has 1 to 64 visible ASCII characters and no spaces.")
        }
        return try issueWithKey(.operator(name), hosts: [], now: now)
    }

    package static func fingerprint(of certificatePEM: String) throws(HoldfastError) -> [UInt8] {
        guard let document = try? PEMDocument(pemString: certificatePEM) else {
            throw HoldfastError(.malformed, "The certificate is not readable PEM.")
        }
        return Array(SHA256.hash(data: document.derBytes))
    }

    private func issueWithKey(
        _ role: CertificateRole, hosts: [String], now: Timestamp
    ) throws(HoldfastError) -> TLSIdentity {
        let key = P256.Signing.PrivateKey()
        let chain = try issue(role, Certificate.PublicKey(key.publicKey), hosts: hosts, now: now)
        return TLSIdentity(certificatePEM: chain, keyPEM: Secret(key.pemRepresentation))
    }

    private func issue(
        _ role: CertificateRole, _ publicKey: Certificate.PublicKey, hosts: [String], now: Timestamp
    ) throws(HoldfastError) -> String {
        do {
            let names = [GeneralName.uniformResourceIdentifier(role.uri)] + hosts.map(Self.name)
            let end = min(now.advanced(by: Self.lifetime), Self.timestamp(certificate.notValidAfter))
            let leaf = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
                notValidBefore: Self.start(now), notValidAfter: Self.date(end), issuer: certificate.subject,
                subject: DistinguishedName { CommonName(role.uri) },
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth, .clientAuth])
                    SubjectAlternativeNames(names)
                    SubjectKeyIdentifier(hash: publicKey)
                    AuthorityKeyIdentifier(
                        keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier)
                },
                issuerPrivateKey: Certificate.PrivateKey(key))
            return try leaf.serializeAsPEM().pemString + "\n" + certificatePEM + "\n"
        } catch {
            throw HoldfastError(.internal, "The certificate of \(role.uri.printable()) could not be made.")
        }
    }

    private static func name(_ host: String) -> GeneralName {
        if let address = InternetAddress.bytes(host) {
            .ipAddress(ASN1OctetString(contentBytes: address[...]))
        } else {
            .dnsName(host)
        }
    }

    /// A day early, so that a machine whose clock is behind can use its certificate at once.
    private static func start(_ now: Timestamp) -> Date { date(now.advanced(by: .seconds(-86_400))) }

    private static func date(_ time: Timestamp) -> Date {
        Date(timeIntervalSince1970: (Double(time.milliseconds) / 1000).rounded(.down))
    }

    private static func timestamp(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }
}

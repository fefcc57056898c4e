import Crypto
package import HoldfastModel
import SwiftASN1
import X509

/// A new key, and the request to certify it. The key comes from the system's random source and stays where it is made.
package struct CertificateRequest: Sendable {
    /// PEM of a certificate signing request (PKCS #10).
    package let requestPEM: String
    package let keyPEM: Secret

    package static func make() throws(HoldfastError) -> CertificateRequest {
        let key = P256.Signing.PrivateKey()
        do {
            let request = try CertificateSigningRequest(
                version: .v1, subject: DistinguishedName { CommonName("Holdfast") },
                privateKey: Certificate.PrivateKey(key), attributes: CertificateSigningRequest.Attributes())
            return CertificateRequest(
                requestPEM: try request.serializeAsPEM().pemString, keyPEM: Secret(key.pemRepresentation))
        } catch {
            throw HoldfastError(.internal, "No certificate request could be made.")
        }
    }

    /// The key that a request asks to have certified. What else it asks for is ignored: the authority decides.
    static func publicKey(in requestPEM: String) throws(HoldfastError) -> Certificate.PublicKey {
        guard requestPEM.utf8.count <= 16 << 10,
            let request = try? CertificateSigningRequest(pemEncoded: requestPEM),
            request.publicKey.isValidSignature(request.signature, for: request),
            P256.Signing.PublicKey(request.publicKey) != nil
        else {
            throw HoldfastError(.invalidArgument, "The certificate request is not a signed request with a P-256 key.")
        }
        return request.publicKey
    }
}

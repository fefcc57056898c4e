package import HoldfastModel
package import NIOSSL

/// TLS as every port and client of a cluster has it: version 1.3 only, and nobody believed but the cluster's authority.
package enum TLSConfigurations {
    package enum ClientCertificates: Hashable, Sendable {
        /// None is asked for.
        case none
        /// Asked for, and verified where shown.
        case optional
        case required
    }

    /// For a port. Throws `malformed` where a certificate or key can't be read.
    package static func server(
        identity: TLSIdentity, trust: TLSTrust, clientCertificates: ClientCertificates
    ) throws(HoldfastError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain(identity), privateKey: .privateKey(try key(identity)))
        configuration.certificateVerification =
            switch clientCertificates {
            case .none: .none
            case .optional: .optionalVerification
            case .required: .noHostnameVerification
            }
        configuration.trustRoots = .certificates(try roots(trust))
        configuration.minimumTLSVersion = .tlsv13
        return configuration
    }

    /// For a client. Without an identity it shows no certificate; without trust the caller has to verify the server
    /// itself. Host names aren't verified: the role in the certificate is what counts.
    package static func client(identity: TLSIdentity?, trust: TLSTrust?) throws(HoldfastError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let identity {
            configuration.certificateChain = try chain(identity)
            configuration.privateKey = .privateKey(try key(identity))
        }
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(try trust.map(roots) ?? [])
        configuration.minimumTLSVersion = .tlsv13
        return configuration
    }

    private static func chain(_ identity: TLSIdentity) throws(HoldfastError) -> [NIOSSLCertificateSource] {
        try certificates(identity.certificatePEM, "certificate").map { .certificate($0) }
    }

    private static func key(_ identity: TLSIdentity) throws(HoldfastError) -> NIOSSLPrivateKey {
        do { return try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.revealed.utf8), format: .pem) } catch {
            throw HoldfastError(.malformed, "The private key of the certificate is not readable PEM.")
        }
    }

    private static func roots(_ trust: TLSTrust) throws(HoldfastError) -> [NIOSSLCertificate] {
        try certificates(trust.authorityPEM, "certificate of the cluster's authority")
    }

    private static func certificates(_ pem: String, _ what: String) throws(HoldfastError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)), !certificates.isEmpty else {
            throw HoldfastError(.malformed, "The \(what) is not readable PEM.")
        }
        return certificates
    }
}

package import HoldfastModel
import NIOCore
import NIOSSL

/// A certificate chain and its key, as PEM text.
package struct ConsoleIdentity: Sendable {
    package var certificatePEM: String
    package var keyPEM: Secret

    package init(certificatePEM: String, keyPEM: Secret) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }
}

/// TLS 1.3 of the console port. People are known by their token, so no certificate is asked of a client.
enum ConsoleTLS {
    /// How long a closing side waits for the other's farewell.
    private static let shutdownTime = TimeAmount.seconds(1)

    static func serverContext(_ identity: ConsoleIdentity) throws -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(identity.certificatePEM.utf8))
                    .map { .certificate($0) },
                privateKey: .privateKey(
                    try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.revealed.utf8), format: .pem)))
            configuration.minimumTLSVersion = .tlsv13
            configuration.shutdownTimeout = shutdownTime
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw HoldfastError(
                .invalidArgument, "The console's certificate and key can't be used: \(error)".printable(limit: 300))
        }
    }

    static func clientContext(trusting authorityPEM: String) throws -> NIOSSLContext {
        do {
            let authorities = try NIOSSLCertificate.fromPEMBytes(Array(authorityPEM.utf8))
            guard !authorities.isEmpty else {
                throw HoldfastError(.invalidArgument, "The cluster's CA file holds no certificate")
            }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv13
            configuration.shutdownTimeout = shutdownTime
            configuration.trustRoots = .certificates(authorities)
            return try NIOSSLContext(configuration: configuration)
        } catch let error as HoldfastError {
            throw error
        } catch {
            throw HoldfastError(
                .invalidArgument, "The cluster's CA certificate can't be read: \(error)".printable(limit: 300))
        }
    }
}

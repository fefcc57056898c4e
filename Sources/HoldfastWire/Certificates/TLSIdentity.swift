package import HoldfastModel

/// The certificate a process shows, with its key. The chain ends in the authority's own certificate, which a joining node
/// compares with its token.
package struct TLSIdentity: Hashable, Codable, Sendable {
    package var certificatePEM: String
    package var keyPEM: Secret

    package init(certificatePEM: String, keyPEM: Secret) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }
}

/// Whose certificates a process believes: the cluster's authority, and nobody else.
package struct TLSTrust: Hashable, Codable, Sendable {
    package var authorityPEM: String

    package init(authorityPEM: String) {
        self.authorityPEM = authorityPEM
    }
}

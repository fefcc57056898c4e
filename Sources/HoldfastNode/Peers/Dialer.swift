package import HoldfastWire

/// How a node reaches other processes; a simulation has its own.
package protocol Dialer: Sendable {
    /// A link to the process at the address, which has shown a certificate of that role.
    func dial(_ address: NetworkAddress, expecting role: CertificateRole) async throws -> any Link
}

/// TLS over TCP, with the node's own certificate.
package struct TLSDialer: Dialer {
    private let identity: TLSIdentity
    private let trust: TLSTrust

    package init(identity: TLSIdentity, trust: TLSTrust) {
        self.identity = identity
        self.trust = trust
    }

    package func dial(_ address: NetworkAddress, expecting role: CertificateRole) async throws -> any Link {
        try await WireDialer.connect(
            host: address.host, port: address.port, identity: identity, trust: trust, expecting: role)
    }
}

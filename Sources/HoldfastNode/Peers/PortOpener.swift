package import HoldfastWire

/// How a node lets other processes reach it; a simulation has its own.
package protocol PortOpener: Sendable {
    /// A port on which peers are taken in that show a certificate of the cluster.
    /// - Throws: `busy` where the port is taken, `invalidArgument` where the address is none of this machine.
    func listen(on address: NetworkAddress) async throws -> any LinkListener
}

/// TLS over TCP, with the node's own certificate.
package struct TLSPortOpener: PortOpener {
    private let identity: TLSIdentity
    private let trust: TLSTrust

    package init(identity: TLSIdentity, trust: TLSTrust) {
        self.identity = identity
        self.trust = trust
    }

    package func listen(on address: NetworkAddress) async throws -> any LinkListener {
        try await WireListener.bind(host: address.host, port: address.port, identity: identity, trust: trust)
    }
}

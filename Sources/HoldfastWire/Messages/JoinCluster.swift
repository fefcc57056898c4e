package import HoldfastModel

/// A new node asks for its certificate, showing a single-use token. The only message allowed on a connection without a
/// client certificate.
package struct JoinCluster: Message {
    package static let name = "join-cluster"

    package var token: Secret
    package var nodeName: Name
    package var region: Name
    /// Where other nodes will reach it, as `host:port`; nil behind NAT.
    package var address: String?
    package var weight: Double
    /// PEM of a certificate signing request; the private key stays on the node.
    package var certificateRequest: String

    package init(
        token: Secret, nodeName: Name, region: Name, address: String?, weight: Double, certificateRequest: String
    ) {
        self.token = token
        self.nodeName = nodeName
        self.region = region
        self.address = address
        self.weight = weight
        self.certificateRequest = certificateRequest
    }

    package struct Reply: Codable, Sendable {
        package var node: NodeID
        /// PEM of the node's certificate.
        package var certificate: String

        package init(node: NodeID, certificate: String) {
            self.node = node
            self.certificate = certificate
        }
    }
}

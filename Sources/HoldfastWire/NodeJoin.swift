package import HoldfastModel
import Synchronization

/// A new node joins a cluster, knowing only an address and a token.
package enum NodeJoin {
    package struct Request: Sendable {
        package var host: String
        package var port: Int
        package var token: JoinToken
        package var nodeName: Name
        package var region: Name
        /// Where others will reach the node, as `host:port`; nil behind NAT.
        package var address: String?
        package var weight: Double

        package init(
            host: String, port: Int, token: JoinToken, nodeName: Name, region: Name, address: String?, weight: Double
        ) {
            self.host = host
            self.port = port
            self.token = token
            self.nodeName = nodeName
            self.region = region
            self.address = address
            self.weight = weight
        }
    }

    /// What the node keeps for good.
    package struct JoinedNode: Hashable, Codable, Sendable {
        package var node: NodeID
        package var identity: TLSIdentity
        package var trust: TLSTrust

        package init(node: NodeID, identity: TLSIdentity, trust: TLSTrust) {
            self.node = node
            self.identity = identity
            self.trust = trust
        }
    }

    /// Throws `unauthenticated` where the server isn't the cluster's of the token or the token isn't accepted, and
    /// `unavailable` or `timedOut` where the server can't be reached.
    package static func perform(
        _ request: Request, time: any TimeSource, timeout: Duration = .seconds(10)
    ) async throws -> JoinedNode {
        let server = ServerByFingerprint(fingerprint: request.token.fingerprint)
        let authority = Found()
        let link: any Link
        do {
            link = try await WireDialer.connect(
                host: request.host, port: request.port,
                configuration: TLSConfigurations.client(identity: nil, trust: nil), expecting: .coordinator,
                timeout: timeout, verify: { authority.set(server.authority(of: $0, now: time.now)) })
        } catch {
            guard error.code == .unauthenticated else { throw error }
            throw HoldfastError(
                .unauthenticated,
                "The server at \(request.host.printable()):\(request.port) is not of the cluster that gave the token.")
        }
        guard let authorityPEM = authority.pem else {
            throw HoldfastError(.internal, "The authority of the cluster was verified and lost.")
        }
        let certificate = try CertificateRequest.make()
        let message = JoinCluster(
            token: request.token.text, nodeName: request.nodeName, region: request.region, address: request.address,
            weight: request.weight, certificateRequest: certificate.requestPEM)
        let reply = try await ask(message, over: link, time: time)
        return JoinedNode(
            node: reply.node,
            identity: TLSIdentity(certificatePEM: reply.certificate, keyPEM: certificate.keyPEM),
            trust: TLSTrust(authorityPEM: authorityPEM))
    }

    private static func ask(
        _ message: JoinCluster, over link: any Link, time: any TimeSource
    ) async throws -> JoinCluster.Reply {
        let connection = Connection(link: link, side: .dialer, time: time)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await connection.run() }
            do {
                let reply = try await connection.call(message)
                await connection.close(grace: .seconds(2))
                group.cancelAll()
                return reply
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// What the verification found, kept for after the handshake.
    private final class Found: Sendable {
        private let found = Mutex<String?>(nil)

        var pem: String? { found.withLock { $0 } }

        func set(_ pem: String?) -> Bool {
            found.withLock { $0 = pem }
            return pem != nil
        }
    }
}

import Glibc
package import HoldfastModel
import NIOCore
import NIOPosix
import NIOSSL

/// How one process reaches another.
package enum WireDialer {
    /// A link to a peer whose certificate names `expecting`.
    ///
    /// Throws `unavailable` where nobody answers or TLS can't be agreed on, `timedOut` after `timeout`, and
    /// `unauthenticated` where the peer's certificate is not the cluster's or names another. Whether the peer accepts
    /// *our* certificate shows only when the connection runs: TLS 1.3 doesn't say so before.
    package static func connect(
        host: String, port: Int, identity: TLSIdentity?, trust: TLSTrust, expecting: CertificateRole,
        timeout: Duration = .seconds(10)
    ) async throws(HoldfastError) -> any Link {
        try await connect(
            host: host, port: port, configuration: TLSConfigurations.client(identity: identity, trust: trust),
            expecting: expecting, timeout: timeout, verify: nil)
    }

    static func connect(
        host: String, port: Int, configuration: TLSConfiguration, expecting: CertificateRole, timeout: Duration,
        verify: (@Sendable ([[UInt8]]) -> Bool)?
    ) async throws(HoldfastError) -> any Link {
        let place = "\(host.printable(limit: 100)):\(port)"
        do {
            let tls = try NIOSSLContext(configuration: configuration)
            let loop = WireEventLoops.shared.next()
            let established = loop.makePromise(of: NIOLink.self)
            let channel: any Channel
            do {
                channel = try await ClientBootstrap(group: loop)
                    .connectTimeout(TimeAmount(timeout))
                    .channelOption(.autoRead, value: false)
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandlers([
                                handler(tls, verify),
                                LinkHandler(
                                    established: established, timeout: TimeAmount(timeout), needsCertificate: true,
                                    expecting: expecting),
                            ])
                        }
                    }
                    .connect(host: host, port: port).get()
            } catch {
                established.fail(error)
                throw error
            }
            return try await withTaskCancellationHandler {
                try await established.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            throw explain(error, place)
        }
    }

    private static func handler(
        _ tls: NIOSSLContext, _ verify: (@Sendable ([[UInt8]]) -> Bool)?
    ) throws -> NIOSSLClientHandler {
        guard let verify else { return try NIOSSLClientHandler(context: tls, serverHostname: nil) }
        return try NIOSSLClientHandler(
            context: tls, serverHostname: nil,
            customVerificationCallback: { chain, verdict in
                let bytes = chain.compactMap { try? $0.toDERBytes() }
                verdict.succeed(verify(bytes) ? .certificateVerified : .failed)
            })
    }

    private static func explain(_ error: any Error, _ place: String) -> HoldfastError {
        switch error {
        case let error as NIOConnectionError:
            if error.connectionErrors.isEmpty {
                return HoldfastError(.unavailable, "The name in \(place) is not known: check its spelling.")
            }
            let reasons = error.connectionErrors.map { $0.error }
            if reasons.contains(where: { ($0 as? IOError)?.errnoCode == ECONNREFUSED }) {
                return HoldfastError(.unavailable, "Nothing listens on \(place): is the process running there?")
            }
            if reasons.contains(where: { if case ChannelError.connectTimeout = $0 { true } else { false } }) {
                return HoldfastError(.timedOut, "\(place) did not answer in time: check the address and firewalls.")
            }
            return HoldfastError(.unavailable, "\(place) can't be reached: \(reasons)".printable(limit: 300))
        case ChannelError.connectTimeout:
            return HoldfastError(.timedOut, "\(place) did not answer in time: check the address and firewalls.")
        default: return LinkFailure.error(error).during("connecting to \(place)")
        }
    }
}

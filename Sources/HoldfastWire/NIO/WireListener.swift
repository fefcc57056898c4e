import Glibc
package import HoldfastModel
import NIOCore
import NIOPosix
import NIOSSL

/// A port on which peers are taken in by TLS 1.3, with a certificate of the cluster or, to join, without one.
package struct WireListener: LinkListener {
    package struct Limits: Hashable, Sendable {
        /// Of peers with a certificate; those beyond this are closed at once.
        package var maximumConnections = 1024
        /// Those without, or still without: the oldest give way.
        package var strangers = StrangerLimits()
        package var handshake = Duration.seconds(10)

        package init() {}
    }

    package let port: Int
    private let channel: any Channel
    private let accepted: AsyncStream<NIOLink>
    private let acceptedContinuation: AsyncStream<NIOLink>.Continuation

    /// Throws `invalidArgument` where `host` can't be bound, `busy` where the port is taken, `malformed` where the
    /// identity or trust can't be read.
    package static func bind(
        host: String, port: Int, identity: TLSIdentity, trust: TLSTrust, limits: Limits = Limits()
    ) async throws(HoldfastError) -> WireListener {
        let configuration = try TLSConfigurations.server(
            identity: identity, trust: trust, clientCertificates: .optional)
        let (stream, continuation) = AsyncStream.makeStream(of: NIOLink.self)
        let known = ConnectionCount(limit: limits.maximumConnections)
        let gate = StrangerGate(limits.strangers)
        do {
            let tls = try NIOSSLContext(configuration: configuration)
            let channel = try await ServerBootstrap(group: WireEventLoops.shared)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelInitializer { channel in
                    // Out of descriptors, it waits a second before it accepts again, rather than trying without end.
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                    }
                }
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let stranger = try gate.enter(channel, handshake: TimeAmount(limits.handshake))
                        let established = channel.eventLoop.makePromise(of: NIOLink.self)
                        established.futureResult.whenSuccess { link in
                            if case .terminated = continuation.yield(link) { channel.close(promise: nil) }
                        }
                        try channel.pipeline.syncOperations.addHandlers([
                            NIOSSLServerHandler(context: tls), HandshakeWatch(stranger),
                            LinkHandler(
                                established: established, timeout: TimeAmount(limits.handshake),
                                needsCertificate: false, expecting: nil
                            ) { peer in
                                // Whoever shows no certificate stays a stranger: joining is all it may do.
                                guard peer != .anonymous else { return true }
                                guard known.enter() else { return false }
                                channel.closeFuture.whenComplete { _ in known.leave() }
                                stranger.leave()
                                return true
                            },
                        ])
                    }
                }
                .bind(host: host, port: port).get()
            return WireListener(
                port: channel.localAddress?.port ?? port, channel: channel, accepted: stream,
                acceptedContinuation: continuation)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw HoldfastError(
                .busy, "Port \(port) on \(host) is in use by another program: stop it or choose another.")
        } catch {
            throw HoldfastError(
                .invalidArgument,
                "Can't listen on \(host.printable(limit: 100)) port \(port): \(error)".printable(limit: 300))
        }
    }

    package func run(_ serve: @escaping @Sendable (any Link) async -> Void) async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await link in accepted {
                    group.addTask {
                        await serve(link)
                        await link.close()
                    }
                }
            }
        } onCancel: {
            acceptedContinuation.finish()
            channel.close(promise: nil)
        }
        try? await channel.closeFuture.get()
    }

    /// For a listener that will not be run.
    package func close() async {
        acceptedContinuation.finish()
        try? await channel.close().get()
    }
}

import Glibc
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire
package import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// The console port: lines over TLS, for people with `openssl s_client`, for scripts, and for `holdfast` itself.
///
/// Memory is bounded by the number of connections: each holds one line, one command and one answer, and reads and
/// writes only as fast as its peer.
package struct ConsoleServer: Sendable {
    private let host: String
    private let port: Int
    private let context: NIOSSLContext
    private let service: any CommandService
    private let limits: ConsoleLimits
    private let time: any TimeSource
    private let logger: Logger

    /// - Throws: `invalidArgument` for a certificate or key that can't be used.
    package init(
        host: String, port: Int, identity: ConsoleIdentity, service: any CommandService,
        limits: ConsoleLimits = ConsoleLimits(), time: any TimeSource, logger: Logger
    ) throws {
        self.host = host
        self.port = port
        self.context = try ConsoleTLS.serverContext(identity)
        self.service = service
        self.limits = limits
        self.time = time
        self.logger = logger
    }

    /// Serves until the task is cancelled, then ends every connection and returns.
    ///
    /// - Parameter listening: told the port once it is open.
    /// - Throws: `unavailable` where the port can't be opened.
    package func run(listening: @Sendable (Int) async throws -> Void) async throws {
        let server = try await open()
        try await server.executeThenClose { connections in
            try await listening(server.channel.localAddress?.port ?? port)
            let count = ConnectionCount(limit: limits.connections)
            let failure: (any Error)? = await withDiscardingTaskGroup { group in
                do {
                    for try await guest in connections { group.addTask { await serve(guest, count) } }
                    group.cancelAll()
                    return nil
                } catch {
                    group.cancelAll()
                    return error
                }
            }
            if let failure, !(failure is CancellationError) { throw HoldfastError(failure) }
        }
    }

    /// A connection that nothing is read from yet. Only the task that serves it makes an asynchronous channel of it: NIO
    /// takes it for a mistake of ours, and ends the process, where one is dropped unused, as a server that stops drops
    /// whatever it has accepted and not come to.
    private struct Guest: Sendable {
        var channel: any Channel
        var stranger: Stranger

        func connection() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
            let channel = channel
            return try await channel.eventLoop.submit {
                let connection = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4)))
                channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
                return connection
            }.get()
        }
    }

    private func open() async throws -> NIOAsyncChannel<Guest, Never> {
        let (context, gate, keepAlive) = (context, StrangerGate(limits.strangers), limits.keepAlive)
        let handshake = TimeAmount(limits.handshakeTime)
        do {
            return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.backlog, value: 128)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
                .childChannelOption(.writeBufferWaterMark, value: .init(low: 16 * 1024, high: 64 * 1024))
                .bind(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let stranger = try gate.enter(channel, handshake: handshake)
                        try keepAlive.apply(to: channel)
                        try channel.pipeline.syncOperations.addHandlers([
                            PlaintextRefusal(), NIOSSLServerHandler(context: context), HandshakeWatch(stranger),
                        ])
                        return Guest(channel: channel, stranger: stranger)
                    }
                }
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw HoldfastError(
                .busy, "Port \(port) on \(host) is in use by another program: stop it, or choose another console port.")
        } catch {
            throw HoldfastError(
                .unavailable,
                "Can't open the console port \(host):\(port): \(error). Is another Holdfast running?".printable(
                    limit: 400))
        }
    }

    private func serve(_ guest: Guest, _ count: ConnectionCount) async {
        let channel = guest.channel
        let watch = SessionWatch(limits, at: time.uptime)
        var logger = logger
        logger[metadataKey: "peer"] = "\(channel.remoteAddress?.description ?? "unknown")"
        var wasLoggedIn = false
        do {
            wasLoggedIn = try await guest.connection().executeThenClose { inbound, outbound in
                let writer = AnswerWriter(outbound, watch: watch, time: time)
                let session = ConsoleSession(
                    service: service, limits: limits, time: time, watch: watch, writer: writer, count: count,
                    stranger: guest.stranger, origin: Origin(.console, address: channel.remoteAddress?.ipAddress),
                    logger: logger)
                return await converse(session, inbound, channel, watch, logger)
            }
        } catch {
            logger.debug("connection ended", metadata: ["reason": "\(error)"])
        }
        if wasLoggedIn { count.leave() }
    }

    /// Runs the session beside the two that may end it: the peer going away, and the limits of time.
    private func converse(
        _ session: ConsoleSession, _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ channel: any Channel,
        _ watch: SessionWatch, _ logger: Logger
    ) async -> Bool {
        let (gone, signal) = AsyncStream<Never>.makeStream()
        channel.closeFuture.whenComplete { _ in signal.finish() }
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask {
                var session = session
                do { try await session.run(inbound) } catch {
                    logger.debug("session ended", metadata: ["reason": "\(error)"])
                }
                return session.principal != nil
            }
            group.addTask {
                for await _ in gone {}
                return nil
            }
            group.addTask {
                await enforceLimits(on: channel, watch)
                return nil
            }
            var wasLoggedIn = false
            for await ended in group {
                group.cancelAll()
                if let ended { wasLoggedIn = ended }
            }
            return wasLoggedIn
        }
    }

    private func enforceLimits(on channel: any Channel, _ watch: SessionWatch) async {
        while (try? await time.sleep(for: watch.tick)) != nil {
            switch watch.verdict(at: time.uptime) {
            case .goOn: continue
            case .end(let error):
                let line = ResultRenderer(.plain).text(of: error) + "\n"
                channel.writeAndFlush(ByteBuffer(string: line), promise: nil)
                channel.close(promise: nil)
            case .hangUp: channel.close(promise: nil)
            }
            return
        }
    }
}

import HoldfastCommands
import HoldfastModel
import NIOCore
import NIOPosix
import NIOSSL

/// Connects to a console port, logs in, and hangs up when the work is done.
package enum ConsoleClient {
    /// Until logged in, the TLS handshake included.
    private static let loginTime = TimeAmount.seconds(20)
    private static let connectTime = TimeAmount.seconds(10)

    /// - Throws: `unavailable` where nobody answers, `unauthenticated` where the server isn't the one of the CA or the
    ///   token is refused; what `body` throws.
    package static func withConnection<Result>(
        _ settings: ClientSettings, keepAlive: KeepAlive = KeepAlive(),
        _ body: (ConsoleConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await connect(settings, keepAlive)
        let deadline = channel.channel.eventLoop.scheduleTask(in: loginTime) {
            channel.channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            let connection = ConsoleConnection(channel.channel, inbound, outbound)
            do {
                try await connection.logIn(settings.token)
            } catch {
                throw loginError(error, settings)
            }
            deadline.cancel()
            return try await body(connection)
        }
    }

    private static func connect(
        _ settings: ClientSettings, _ keepAlive: KeepAlive
    ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let (host, port) = try settings.endpoint()
        let context = try ConsoleTLS.clientContext(trusting: try settings.authorityPEM())
        let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        let serverName = settings.serverName ?? (isAddress ? nil : host)
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(connectTime)
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try keepAlive.apply(to: channel)
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: serverName)
                        try channel.pipeline.syncOperations.addHandler(handler)
                        return try NIOAsyncChannel(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 8)))
                    }
                }
        } catch {
            throw HoldfastError(
                .unavailable,
                """
                No cluster answers at \(settings.address.printable(limit: 80)). Is it running? Start one with \
                `holdfast up`, or point to another one with --client FILE
                """, context: ["reason": "\(error)".printable(limit: 200)])
        }
    }

    private static func loginError(_ error: any Error, _ settings: ClientSettings) -> any Error {
        let address = settings.address.printable(limit: 80)
        switch error {
        case let error as HoldfastError where error.code == .unauthenticated:
            return HoldfastError(
                .unauthenticated,
                "The cluster at \(address) refused the token of the client's settings: \(error.message)")
        case is HoldfastError, is CancellationError: return error
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return HoldfastError(
                .unauthenticated,
                """
                What answers at \(address) is not the cluster of the client's settings: its certificate is not by \
                their CA, or for another name
                """, context: ["reason": "\(error)".printable(limit: 200)])
        default:
            return HoldfastError(
                .unavailable, "The connection to \(address) ended before the login",
                context: ["reason": "\(error)".printable(limit: 200)])
        }
    }
}

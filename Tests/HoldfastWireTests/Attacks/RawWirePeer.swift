import HoldfastModel
import HoldfastWire
import NIOCore
import NIOPosix
import NIOSSL

/// A dialer that has a certificate and follows no rules: it sends bytes over TLS, or beneath it.
final class RawWirePeer: Sendable {
    private let channel: any Channel
    private let arrived: AsyncStream<ByteBuffer>

    private init(_ channel: any Channel, _ arrived: AsyncStream<ByteBuffer>) {
        (self.channel, self.arrived) = (channel, arrived)
    }

    /// - Parameter reads: false for a peer that takes nothing from its socket once the other side's hello has come.
    static func dial(_ port: Int, _ identity: TLSIdentity?, _ trust: TLSTrust, reads: Bool = true) async throws
        -> RawWirePeer
    {
        let context = try NIOSSLContext(configuration: TLSConfigurations.client(identity: identity, trust: trust))
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(context: context, serverHostname: nil),
                        Collector(continuation, reads: reads),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawWirePeer(channel, stream)
    }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

    /// Past TLS, straight into the socket.
    func sendBeneathTLS(_ bytes: [UInt8]) async throws {
        try await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
                .writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
        }.get()
    }

    func hangUp() { channel.close(promise: nil) }

    /// What came until the other side closed, or until a frame that was waited for.
    func frames(until isLast: (Frame) -> Bool = { _ in false }) async throws -> [Frame] {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        for await buffer in arrived {
            try buffer.withUnsafeReadableBytes { try decoder.decode($0, into: &frames) }
            if frames.contains(where: isLast) { hangUp() }
        }
        return frames
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<ByteBuffer>.Continuation

        private let reads: Bool

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation, reads: Bool) {
            (self.continuation, self.reads) = (continuation, reads)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(unwrapInboundIn(data))
            if !reads { context.channel.setOption(.autoRead, value: false).whenFailure { _ in } }
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

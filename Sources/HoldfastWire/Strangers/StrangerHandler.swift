import NIOCore

/// Stands between the socket and TLS and sees how far a stranger gets. From here a connection is cut at once: TLS would
/// first wait for a farewell that a silent peer never sends.
final class StrangerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let stranger: Stranger
    private let patience: TimeAmount
    private var timer: Scheduled<Void>?
    private var hasSpoken = false

    init(_ stranger: Stranger, patience: TimeAmount) {
        self.stranger = stranger
        self.patience = patience
    }

    /// Cuts the connection, from any thread.
    static func hangUp(_ channel: any Channel) {
        channel.eventLoop.execute {
            try? channel.pipeline.syncOperations.context(handlerType: Self.self).close(promise: nil)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let (stranger, channel) = (stranger, context.channel)
        timer = context.eventLoop.scheduleTask(in: patience) {
            if stranger.isWithoutTLS { Self.hangUp(channel) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !hasSpoken { stranger.spoke() }
        hasSpoken = true
        context.fireChannelRead(data)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }
}

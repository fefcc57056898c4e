import NIOCore
import NIOHTTPTypes

/// Closes a connection on which a request that has begun does not go on for too long.
///
/// The server's own idle timeout would do that too, but counts an answer as given when it is handed to the socket: of one
/// that is still being taken slowly it would cut off the end.
final class BodyDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let timeout: TimeAmount
    private var deadline: Scheduled<Void>?

    init(timeout: TimeAmount) { self.timeout = timeout }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        deadline?.cancel()
        switch unwrapInboundIn(data) {
        case .head, .body:
            let channel = context.channel
            deadline = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        case .end:
            deadline = nil
        }
        context.fireChannelRead(data)
    }
}

import Logging
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client takes nothing of what is sent to it for too long. How slowly it takes it is its own
/// affair.
final class StallDeadline: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart

    private let timeout: TimeAmount
    private let logger: Logger
    /// Writes that the socket has not taken whole.
    private var waiting = 0
    /// Bytes that waited when it was last looked.
    private var unsent = Int.max
    private var lastProgress = NIODeadline.now()
    private var look: Scheduled<Void>?

    init(timeout: TimeAmount, logger: Logger) {
        self.timeout = timeout
        self.logger = logger
    }

    func handlerRemoved(context: ChannelHandlerContext) { look?.cancel() }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.waiting -= 1
            self.lastProgress = .now()
        }
        if waiting == 0 {
            lastProgress = .now()
            unsent = .max
        }
        waiting += 1
        if look == nil { schedule(context.channel) }
        context.write(data, promise: promise)
    }

    private func schedule(_ channel: any Channel) {
        look = channel.eventLoop.assumeIsolated().scheduleTask(deadline: lastProgress + timeout) { self.check(channel) }
    }

    private func check(_ channel: any Channel) {
        look = nil
        guard waiting > 0, channel.isActive else { return }
        // A long write is taken piece by piece.
        let left = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if left < unsent { lastProgress = .now() }
        unsent = left
        if lastProgress + timeout > .now() { return schedule(channel) }
        logger.info("A client took nothing of what it was sent for too long: it is let go")
        channel.close(promise: nil)
    }
}

import HoldfastModel
import NIOCore

/// Lets one address have only so many connections at once: what is beyond is closed before a byte of it is read.
final class ConnectionLimit: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let slots: Slots
    private var slot: Slot?

    init(_ slots: Slots) { self.slots = slots }

    func channelActive(context: ChannelHandlerContext) {
        do {
            slot = try slots.take(for: Origin(.web, address: context.channel.remoteAddress?.ipAddress).place)
        } catch {
            context.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        slot = nil
        context.fireChannelInactive()
    }
}

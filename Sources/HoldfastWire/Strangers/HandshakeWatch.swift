package import NIOCore
import NIOTLS

/// Stands behind TLS and tells when it is agreed on.
package final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer

    private let stranger: Stranger

    package init(_ stranger: Stranger) { self.stranger = stranger }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { stranger.encrypted() }
        context.fireUserInboundEventTriggered(event)
    }
}

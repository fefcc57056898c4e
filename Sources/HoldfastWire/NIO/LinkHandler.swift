import HoldfastModel
import NIOCore
import NIOSSL
import NIOTLS

/// The last handler of a channel: it waits for the handshake, finds out who the peer is, and then cuts what comes into
/// frames. It reads the socket only while its inbox has room.
final class LinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private enum State {
        case handshaking(EventLoopPromise<NIOLink>, timeout: Scheduled<Void>?)
        case open(LinkInbox)
        case closed
    }

    private let timeout: TimeAmount
    private let established: EventLoopPromise<NIOLink>
    /// Who the dialer expects; a listener takes any role, or none.
    private let expecting: CertificateRole?
    private let needsCertificate: Bool
    /// Whether there is room for a peer.
    private let admits: (Peer) -> Bool
    private var state = State.closed
    private var decoder = FrameDecoder()
    private var firstError: (any Error)?

    init(
        established: EventLoopPromise<NIOLink>, timeout: TimeAmount, needsCertificate: Bool,
        expecting: CertificateRole?, admits: @escaping (Peer) -> Bool = { _ in true }
    ) {
        self.established = established
        self.timeout = timeout
        self.needsCertificate = needsCertificate
        self.admits = admits
        self.expecting = expecting
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        let timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            self.fail(HoldfastError(.timedOut, "The peer did not finish the TLS handshake in time."))
            channel.close(promise: nil)
        }
        state = .handshaking(established, timeout: timer)
        if channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { shake(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func shake(_ context: ChannelHandlerContext) {
        guard case .handshaking(let promise, let timeout) = state else { return }
        do {
            let peer = try identify(context)
            guard admits(peer) else { throw HoldfastError(.unavailable, "Too many connections.") }
            timeout?.cancel()
            let inbox = LinkInbox()
            state = .open(inbox)
            promise.succeed(NIOLink(channel: context.channel, peer: peer, inbox: inbox))
        } catch {
            fail(error)
            context.close(promise: nil)
        }
    }

    private func identify(_ context: ChannelHandlerContext) throws -> Peer {
        let certificate = try context.channel.pipeline.syncOperations.nioSSL_peerCertificate()
        guard let certificate else {
            guard !needsCertificate else {
                throw HoldfastError(.unauthenticated, "The peer showed no certificate.")
            }
            return .anonymous
        }
        let role = try CertificateRole(certificate: certificate.toDERBytes())
        if let expecting, role != expecting {
            throw HoldfastError(
                .unauthenticated,
                "The peer is \(role.peer), not \(expecting.peer): does the address belong to another process?")
        }
        return role.peer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open(let inbox) = state else { return }
        let buffer = unwrapInboundIn(data)
        var frames: [Frame] = []
        do {
            try buffer.withUnsafeReadableBytes { try decoder.decode($0, into: &frames) }
            _ = inbox.put(frames, bytes: buffer.readableBytes)
        } catch {
            _ = inbox.put(frames, bytes: buffer.readableBytes)
            // The receiver tells the peer, and closes; nothing more is read.
            state = .closed
            inbox.finish(HoldfastError(error))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch state {
        case .open(let inbox): if inbox.put([], bytes: 0) { context.read() }
        case .handshaking, .closed: context.read()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if firstError == nil { firstError = error }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let error = firstError.map { LinkFailure.error($0) }
        switch state {
        case .handshaking:
            fail(error ?? HoldfastError(.unavailable, "The peer closed the connection during the TLS handshake."))
        case .open(let inbox):
            let torn =
                decoder.isBetweenFrames ? nil : HoldfastError(.unavailable, "The connection broke within a frame.")
            inbox.finish(error ?? torn)
        case .closed: break
        }
        state = .closed
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(HoldfastError(.unavailable, "The connection was closed during the TLS handshake."))
        if case .open(let inbox) = state { inbox.finish(nil) }
        state = .closed
    }

    private func fail(_ error: any Error) {
        guard case .handshaking(let promise, let timeout) = state else { return }
        timeout?.cancel()
        state = .closed
        promise.fail(error)
    }
}

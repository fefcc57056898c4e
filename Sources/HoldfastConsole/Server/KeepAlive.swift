import Glibc
import NIOCore

/// Finds out about a peer that vanished without a word: its machine lost power, or the road to it was cut. Without this a
/// connection on which neither side has anything to say would be kept for two hours, and one with words on their way for a
/// quarter of one.
package struct KeepAlive: Sendable {
    /// Seconds of silence before the peer is asked for a sign of life.
    package var idleSeconds = 30
    /// Seconds between two such questions.
    package var intervalSeconds = 10
    /// Questions without an answer after which the peer is gone.
    package var tries = 3

    package init() {}

    /// Milliseconds that something sent may stay without an acknowledgement.
    private var sendMilliseconds: Int { (idleSeconds + tries * intervalSeconds) * 1000 }

    /// - Precondition: on the channel's event loop.
    func apply(to channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.socketOption(.so_keepalive), value: 1)
        for (name, value) in [
            (TCP_KEEPIDLE, idleSeconds), (TCP_KEEPINTVL, intervalSeconds), (TCP_KEEPCNT, tries),
            (TCP_USER_TIMEOUT, sendMilliseconds),
        ] {
            try options.setOption(
                .tcpOption(NIOBSDSocket.Option(rawValue: CInt(name))), value: SocketOptionValue(value))
        }
    }
}

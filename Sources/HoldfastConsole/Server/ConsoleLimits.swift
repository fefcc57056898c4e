package import HoldfastWire

/// What one peer, and all of them together, may take of a console port.
package struct ConsoleLimits: Sendable {
    /// Connections that have logged in; one more is told that there is no room.
    package var connections = 256
    /// Those that have not: the oldest give way, so that silent ones keep nobody out.
    package var strangers = StrangerLimits()
    /// From the start of a connection to the end of the TLS handshake, which takes no typing.
    package var handshakeTime = Duration.seconds(10)
    /// From the start of a connection to its login, the TLS handshake included.
    package var loginTime = Duration.seconds(30)
    package var idleTime = Duration.seconds(3600)
    /// How long a peer may leave an answer unread.
    package var writeTime = Duration.seconds(60)
    package var loginTries = 3
    package var loginDelay = Duration.seconds(1)
    /// How long the last words wait for a peer that still sends.
    package var closeTime = Duration.milliseconds(500)

    package var keepAlive = KeepAlive()

    package init() {}
}

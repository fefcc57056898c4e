/// What one peer, and all of them together, may take of a console port.
package struct ConsoleLimits: Sendable {
    package var connections = 256
    /// Connections that have not logged in; fewer, so that strangers can't keep the others out.
    package var strangers = 128
    /// Connections over the limit that are told so; those over this, too, are just closed.
    package var refusals = 16
    /// From the start of a connection to its login, the TLS handshake included.
    package var loginTime = Duration.seconds(30)
    package var idleTime = Duration.seconds(3600)
    /// How long a peer may leave an answer unread.
    package var writeTime = Duration.seconds(60)
    package var loginTries = 3
    package var loginDelay = Duration.seconds(1)
    /// How long the last words wait for a peer that still sends.
    package var closeTime = Duration.milliseconds(500)

    package init() {}
}

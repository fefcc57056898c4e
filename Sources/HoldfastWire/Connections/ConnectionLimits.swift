/// What one connection takes in, and how patient it is. At most `window * maximumStreams` bytes of the peer's bulk wait
/// in memory for their readers.
package struct ConnectionLimits: Hashable, Sendable {
    /// Bytes of bulk that may arrive on a stream ahead of its reader.
    package var window = 1 << 20
    /// Streams of the peer's making that may be open at once.
    package var maximumStreams = 64
    /// Events of a stream that wait for their reader; of more, the oldest are dropped.
    package var queuedEvents = 64
    /// Bytes written to a stream that may wait for credit or for the link before the writer is suspended.
    package var unsent = 512 << 10
    /// How long the peer may take to say hello.
    package var greeting = Duration.seconds(10)
    /// Silence after which the peer is asked for a sign of life.
    package var idle = Duration.seconds(15)
    /// Silence after which the peer is considered gone.
    package var gone = Duration.seconds(45)
    /// How long the last frames may take to leave before the link is cut.
    package var farewell = Duration.seconds(5)
    /// How often the clock is looked at.
    package var tick = Duration.seconds(1)

    package init() {}

    /// For a peer that has shown no certificate: enough for joining, and little to be gained by flooding.
    package static var anonymous: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.window = 16 << 10
        limits.maximumStreams = 2
        limits.gone = .seconds(20)
        return limits
    }
}

/// Which end of a connection this is; it decides whose stream numbers are odd.
package enum ConnectionSide: Hashable, Sendable {
    case dialer
    case listener
}

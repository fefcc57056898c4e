package import HoldfastModel

/// The unit in which two processes talk. `FrameHeader` says how one lies in bytes, `Multiplexer` which may come when.
package enum Frame: Hashable, Sendable {
    case hello(Hello)
    /// Begins a message; `ends` when no bulk of the caller follows.
    case open(StreamID, name: String, body: [UInt8], ends: Bool)
    case event(StreamID, [UInt8])
    /// Raw bulk; `ends` when it is the sender's last on this stream.
    case data(StreamID, [UInt8], ends: Bool)
    /// No more bulk from the sender.
    case end(StreamID)
    /// The receiver of bulk allows this many bytes more.
    case credit(StreamID, UInt32)
    /// Ends the stream.
    case reply(StreamID, [UInt8])
    /// Ends the stream; on `StreamID.connection`, the connection.
    case error(StreamID, HoldfastError)
    /// The caller no longer wants the answer; one comes nonetheless and ends the stream.
    case cancel(StreamID)
    case ping(UInt64)
    case pong(UInt64)
    /// The sender opens no more streams and refuses new ones; those that are open go on.
    case goodbye
}

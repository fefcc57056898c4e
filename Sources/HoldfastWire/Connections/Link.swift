/// A road for frames between two processes; TLS over TCP in a cluster, memory in a simulation.
///
/// One task sends and one receives at a time.
package protocol Link: Sendable {
    var peer: Peer { get }

    /// Returns once the frame is on its way; suspends while the road is full. Throws `unavailable` when it has ended.
    func send(_ frame: Frame) async throws

    /// The next frame; nil when the peer ended the road in order. Throws `unavailable` when it broke, `malformed` when
    /// what came is not the protocol, and `CancellationError` when the task is cancelled.
    func receive() async throws -> Frame?

    /// Ends the road after what was sent has left, or a short while later at the latest. May be called often.
    func close() async
}

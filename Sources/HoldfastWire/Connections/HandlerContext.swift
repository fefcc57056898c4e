package import HoldfastModel

/// What a handler has besides its message.
package struct HandlerContext<M: Message>: Sendable {
    /// The connection the message came on, for messages the other way.
    package let connection: Connection
    let stream: StreamID

    package var peer: Peer { connection.peer }

    /// The caller's bulk.
    package var bulkIn: BulkReader { BulkReader(connection: connection, stream: stream) }

    /// Bulk for the caller; the reply follows it.
    package var bulkOut: BulkWriter { BulkWriter(connection: connection, stream: stream) }

    /// News for the caller. A caller who falls behind misses the oldest.
    package func send(_ event: M.Event) async throws {
        try await connection.sendEvent(WireJSON.bytes(of: event, "event of \(M.name)"), on: stream)
    }

    /// The peer as a node; throws `permissionDenied` when it is none.
    package func node() throws(HoldfastError) -> NodeID {
        guard case .node(let id) = peer else {
            throw HoldfastError(.permissionDenied, "\(M.name) is for nodes, not for \(peer).")
        }
        return id
    }
}

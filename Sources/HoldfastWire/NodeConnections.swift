package import HoldfastModel

/// The control connections of the nodes that are here now.
package actor NodeConnections: NodeCalls {
    package enum Change: Hashable, Sendable {
        case connected(NodeID)
        case disconnected(NodeID)
    }

    private static let pieceByteCount = 256 << 10
    /// Eight million names.
    private static let bulkByteLimit = 256 << 20

    private var connections: [NodeID: Connection] = [:]
    private var watchers: [Int: AsyncStream<Change>.Continuation] = [:]
    private var watcherCount = 0

    package init() {}

    /// The nodes that are connected, by age.
    package func connected() -> [NodeID] { connections.keys.sorted() }

    package func connection(to node: NodeID) -> Connection? { connections[node] }

    /// Takes in the connection of a node. An earlier one of the same node, which the node has given up without our
    /// noticing, gives way, and is returned to be closed.
    package func add(_ node: NodeID, _ connection: Connection) -> Connection? {
        let earlier = connections.updateValue(connection, forKey: node)
        if earlier == nil { publish(.connected(node)) }
        return earlier === connection ? nil : earlier
    }

    /// Forgets a connection, unless a newer one has taken its place.
    package func remove(_ node: NodeID, _ connection: Connection) {
        guard connections[node] === connection else { return }
        connections[node] = nil
        publish(.disconnected(node))
    }

    /// What changes from now on, after a first `connected` for each node that is here. A watcher that falls more than a
    /// thousand changes behind misses the oldest.
    package func changes() -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self, bufferingPolicy: .bufferingNewest(1000))
        for node in connected() { continuation.yield(.connected(node)) }
        watchers[watcherCount] = continuation
        watcherCount += 1
        return stream
    }

    /// Returns when at least `count` nodes are connected.
    package func waitForNodes(_ count: Int) async throws {
        for await _ in changes() where connections.count >= count { return }
        try Task.checkCancellation()
    }

    package nonisolated func call<M: Message>(
        _ node: NodeID, _ message: M, onEvent: @Sendable (M.Event) async -> Void
    ) async throws -> M.Reply {
        try await present(node).call(message, onEvent: onEvent)
    }

    package nonisolated func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: [UInt8]
    ) async throws -> (reply: M.Reply, received: [UInt8]) {
        try await present(node).call(
            message,
            sending: { writer in
                for start in stride(from: 0, to: bulk.count, by: Self.pieceByteCount) {
                    try await writer.write(bulk[start..<min(start + Self.pieceByteCount, bulk.count)])
                }
            },
            receiving: { try await $0.collect(upTo: Self.bulkByteLimit) })
    }

    package nonisolated func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> M.Reply {
        try await present(node).call(
            message,
            receiving: { reader in
                while let piece = try await reader.next() { try await bulk(piece) }
                return true
            }
        ).reply
    }

    private nonisolated func present(_ node: NodeID) async throws -> Connection {
        guard let connection = await connection(to: node) else {
            throw HoldfastError(
                .unavailable, "Node \(node) is not connected; is it running, and does it reach the coordinator?",
                context: ["node": node.text])
        }
        return connection
    }

    private func publish(_ change: Change) {
        for (number, watcher) in watchers {
            if case .terminated = watcher.yield(change) { watchers[number] = nil }
        }
    }
}

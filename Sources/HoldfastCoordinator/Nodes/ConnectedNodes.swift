package import HoldfastModel
package import HoldfastWire

/// The nodes that are here now, and calls to them.
package protocol ConnectedNodes: NodeCalls {
    func connected() async -> [NodeID]
    /// What changes from now on, after a first `connected` for each node that is here.
    func changes() async -> AsyncStream<NodeConnections.Change>
    /// Stands for the node's present connection: a later one is another object. Nil when there is none.
    func link(to node: NodeID) async -> (any AnyObject & Sendable)?
}

extension ConnectedNodes {
    /// Returns when the node is connected.
    func wait(for node: NodeID) async throws {
        for await change in await changes() where change == .connected(node) { return }
        throw CancellationError()
    }

    /// Returns when any node is connected.
    func waitForAnyNode() async throws {
        for await change in await changes() {
            if case .connected = change { return }
        }
        throw CancellationError()
    }

    /// Returns when a node comes that is not here now, or after a while.
    func waitForAnother(atMost limit: Duration, _ time: any TimeSource) async throws {
        let present = Set(await connected())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await change in await changes() {
                    if case .connected(let node) = change, !present.contains(node) { return }
                }
                throw CancellationError()
            }
            group.addTask { try await time.sleep(for: limit) }
            try await group.next()
            group.cancelAll()
        }
    }
}

extension NodeConnections: ConnectedNodes {
    package func link(to node: NodeID) async -> (any AnyObject & Sendable)? {
        guard let connection = connection(to: node), await connection.isOpen else { return nil }
        return connection
    }
}

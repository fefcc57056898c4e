package import HoldfastModel
package import HoldfastWire
package import Logging

/// Serves the links that nodes, and machines that want to become nodes, open to the coordinator.
package struct NodeLinks: Sendable {
    private let connections: NodeConnections
    private let handlers: Handlers
    private let time: any TimeSource
    private let logger: Logger

    /// - Parameter connections: gets the connection of each node that has registered.
    package init(
        admission: NodeAdmission, connections: NodeConnections, time: any TimeSource, logger: Logger
    ) {
        self.connections = connections
        self.time = time
        self.logger = logger
        handlers = Self.handlers(admission, connections)
    }

    /// Returns when the link has ended.
    package func serve(_ link: any Link) async {
        let connection = Connection(link: link, side: .listener, handlers: handlers, time: time)
        do {
            try await connection.run()
        } catch {
            logger.info("The connection with \(link.peer) ended: \(error.message)")
        }
        if case .node(let node) = link.peer { await connections.remove(node, connection) }
    }

    private static func handlers(_ admission: NodeAdmission, _ connections: NodeConnections) -> Handlers {
        var handlers = Handlers()
        handlers.on(JoinCluster.self, allow: [.anonymous]) { message, _ in try await admission.join(message) }
        handlers.on(RegisterNode.self, allow: [.node]) { message, context in
            let node = try context.node()
            let reply = try await admission.register(message, from: node)
            if let earlier = await connections.add(node, context.connection) {
                await earlier.close(grace: .zero)
            }
            return reply
        }
        handlers.on(Heartbeat.self, allow: [.node]) { message, context in
            try await admission.heartbeat(message, from: context.node())
        }
        return handlers
    }
}

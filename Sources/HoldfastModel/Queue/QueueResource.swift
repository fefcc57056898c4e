/// What jobs share, and of which each has only so many places.
package enum QueueResource: Hashable, Sendable {
    case node(NodeID)
    case server(DatabaseServerName)
    case project(Name)
    /// Taking a backup of a project on a node.
    case capture(Name, NodeID)
}

/// A database server, as far as that can be told without asking it: by the name it is reached by. Two names of one server
/// are two.
package struct DatabaseServerName: Hashable, Sendable {
    package let host: String
    package let port: Int
    /// Whose `localhost` or socket it is; nil for a name that means the same everywhere.
    package let node: NodeID?

    package init(_ address: DatabaseAddress, reachedFrom node: NodeID) {
        let host = address.host.lowercased()
        let isLocal = host == "localhost" || host == "::1" || host.hasPrefix("127.") || host.hasPrefix("/")
        self.host = host
        self.port = address.port
        self.node = isLocal ? node : nil
    }
}

extension DatabaseServerName: CustomStringConvertible {
    package var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

/// What a job needs a place on before it is at work.
package struct QueueDemand: Hashable, Sendable {
    /// Persons' jobs go before those of schedules.
    package enum Origin: Int, Sendable {
        case person, schedule
    }

    package var project: Name
    /// The node whose worker does the work.
    package var node: NodeID
    /// Whether no other node can do it.
    package var isPinned: Bool
    package var servers: Set<DatabaseServerName>
    /// Whether it takes a backup.
    package var captures: Bool
    package var origin: Origin
    /// False of work that must not be held up once it has come so far, such as an exchange. It is counted all the same.
    package var canWait: Bool

    package init(
        project: Name, node: NodeID, isPinned: Bool = true, servers: Set<DatabaseServerName> = [],
        captures: Bool = false, origin: Origin = .person, canWait: Bool = true
    ) {
        self.project = project
        self.node = node
        self.isPinned = isPinned
        self.servers = servers
        self.captures = captures
        self.origin = origin
        self.canWait = canWait
    }

    /// In the order in which a lack of them is told.
    package var resources: [QueueResource] {
        var resources: [QueueResource] = [.node(node)]
        if captures { resources.append(.capture(project, node)) }
        resources += servers.sorted { ($0.host, $0.port) < ($1.host, $1.port) }.map(QueueResource.server)
        return resources + [.project(project)]
    }

    func sharesResource(with other: QueueDemand) -> Bool {
        node == other.node || project == other.project || !servers.isDisjoint(with: other.servers)
    }
}

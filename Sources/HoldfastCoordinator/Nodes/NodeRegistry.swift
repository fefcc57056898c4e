package import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
package import HoldfastWire

/// The cluster's nodes: who they are, which of them are alive, and the layout they make.
package actor NodeRegistry {
    private struct Presence {
        /// On the monotonic clock.
        var heardAt: Duration
        var seenAt: Timestamp
        var heartbeat: Heartbeat?
    }

    private let time: any TimeSource
    private let configuration: CoordinatorConfiguration
    private let startedAt: Duration
    private var members: [NodeID: Node] = [:]
    private var presences: [NodeID: Presence] = [:]
    package private(set) var layout = Layout(number: 0, members: [])

    package init(time: any TimeSource, configuration: CoordinatorConfiguration) {
        self.time = time
        self.configuration = configuration
        startedAt = time.uptime
    }

    /// Reads members and layout as the catalog has them.
    package func load(from catalog: any Catalog) async throws {
        let nodes = try await catalog.all(Node.self).map(\.value)
        let layout = try await catalog.get(Setting<Layout>.self, .layout)?.value.value
        members = Dictionary(nodes.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        if let layout, layout.number >= self.layout.number { self.layout = layout }
    }

    package func heard(from node: NodeID, _ heartbeat: Heartbeat? = nil) {
        presences[node] = Presence(
            heardAt: time.uptime, seenAt: time.now, heartbeat: heartbeat ?? presences[node]?.heartbeat)
    }

    package func member(_ node: NodeID) -> Node? { members[node] }
    package func name(of node: NodeID) -> Name? { members[node]?.name }
    package func region(of node: NodeID) -> Name? { members[node]?.region }
    package func node(named name: Name) -> NodeID? { members.values.first { $0.name == name }?.id }
    package var names: [NodeID: Name] { members.mapValues(\.name) }

    package func state(of node: NodeID) -> NodeStatus.State {
        // A coordinator that has just taken office has heard of nobody yet.
        let heardAt = presences[node]?.heardAt
        let silence = time.uptime - (heardAt ?? startedAt)
        if silence >= configuration.downAfter { return .down }
        return heardAt == nil || silence >= configuration.suspectAfter ? .suspect : .up
    }

    /// By name.
    package var statuses: [NodeStatus] {
        members.values.sorted { $0.name < $1.name }.map { node in
            let presence = presences[node.id]
            let heartbeat = presence?.heartbeat
            return NodeStatus(
                id: node.id, name: node.name, region: node.region, address: node.address, state: state(of: node.id),
                lastSeen: presence?.seenAt, capacityBytes: heartbeat?.capacityBytes, freeBytes: heartbeat?.freeBytes,
                objects: heartbeat?.objects, storedBytes: heartbeat?.storedBytes, takesWrites: heartbeat?.takesWrites)
        }
    }

    /// The node to work for an environment that names none: of those given the first that is up, else the first.
    package func worker(among candidates: [NodeID]) -> NodeID? {
        let known = candidates.filter { members[$0] != nil }.sorted()
        return known.first { state(of: $0) == .up } ?? known.first
    }

    /// The nodes that may keep what may lie in these regions; nil is any.
    package func holders(in regions: [Name]?) -> [Node] {
        members.values.filter { $0.isAwaited == nil && (regions?.contains($0.region) ?? true) }.sorted { $0.id < $1.id }
    }

    /// The node's name for people.
    package func text(of node: NodeID) -> String { members[node]?.name.text ?? node.text }

    /// Whether some node takes no writes for want of space, or is about to: a tenth of its disk is left.
    package var isSpaceShort: Bool {
        presences.values.compactMap(\.heartbeat).contains { !$0.takesWrites || $0.freeBytes < $0.capacityBytes / 10 }
    }

    package var all: [NodeID] { members.keys.sorted() }
}

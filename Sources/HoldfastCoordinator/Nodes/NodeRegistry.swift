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
        let silence = silence(of: node)
        if silence >= configuration.downAfter { return .down }
        return presences[node] == nil || silence >= configuration.suspectAfter ? .suspect : .up
    }

    private func silence(of node: NodeID) -> Duration {
        // A coordinator that has just taken office has heard of nobody yet.
        time.uptime - (presences[node]?.heardAt ?? startedAt)
    }

    /// Members whose share others take over: they have been silent for long, and nobody said that they would be.
    package var givenUp: Set<NodeID> {
        Set(
            members.values.filter {
                !$0.isInMaintenance(at: time.now) && silence(of: $0.id) >= configuration.giveUpAfter
            }
            .map(\.id))
    }

    /// Members that are here and take nothing.
    package var full: Set<NodeID> {
        Set(presences.filter { $0.value.heartbeat?.takesWrites == false }.map(\.key)).intersection(members.keys)
    }

    /// Members that are given nothing new, though they may be here: they take nothing, or are in maintenance.
    package var unwilling: Set<NodeID> {
        let now = time.now
        return full.union(members.values.filter { $0.isInMaintenance(at: now) }.map(\.id))
    }

    package var down: Set<NodeID> { Set(members.keys.filter { state(of: $0) == .down }) }

    package func storedBytes(of node: NodeID) -> Int64? { presences[node]?.heartbeat?.storedBytes }

    /// How many objects scrubs have found damaged on any node.
    package var damagedObjects: Int64 {
        presences.values.reduce(0) { $0 + ($1.heartbeat?.scrub?.everDamaged ?? 0) }
    }

    /// By name.
    package var statuses: [NodeStatus] {
        members.values.sorted { $0.name < $1.name }.map { node in
            let presence = presences[node.id]
            let heartbeat = presence?.heartbeat
            return NodeStatus(
                id: node.id, name: node.name, region: node.region, address: node.address, state: state(of: node.id),
                lastSeen: presence?.seenAt, capacityBytes: heartbeat?.capacityBytes, freeBytes: heartbeat?.freeBytes,
                objects: heartbeat?.objects, storedBytes: heartbeat?.storedBytes, takesWrites: heartbeat?.takesWrites,
                weight: node.weight, leavingSince: node.leavingSince,
                leavingBytes: node.leavingBytes,
                maintenanceUntil: node.isInMaintenance(at: time.now) ? node.maintenanceUntil : nil,
                scrub: heartbeat?.scrub)
        }
    }

    /// The node to work for an environment that names none: of those given, in the region where one is named, the first
    /// that is up and stays, else the first.
    package func worker(among candidates: [NodeID], in region: Name? = nil) -> NodeID? {
        let now = time.now
        let known = candidates.sorted().compactMap { members[$0] }.filter { region == nil || $0.region == region }
        let best = known.first {
            state(of: $0.id) == .up && $0.leavingSince == nil && !$0.isInMaintenance(at: now)
        }
        return (best ?? known.first { state(of: $0.id) == .up } ?? known.first)?.id
    }

    package var regions: Set<Name> { Set(members.values.map(\.region)) }

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

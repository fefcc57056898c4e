import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

/// Who is a member of the cluster, and with what share. Every change of it makes the next layout.
struct Membership {
    let office: Office

    func node(named name: Name) async throws -> Stored<Node> {
        guard let stored = try await office.catalog.all(Node.self).first(where: { $0.value.name == name }) else {
            throw HoldfastError(.notFound, "There is no node \(name): `holdfast node list` shows them")
        }
        return stored
    }

    /// Writes the node as it is to be, with the layout that follows.
    func change(_ stored: Stored<Node>, _ body: (inout Node) throws -> Void) async throws {
        var node = stored.value
        try body(&node)
        guard node != stored.value else { return }
        var changes = Changes()
        try changes.put(node, over: stored)
        if node.hasOtherShare(than: stored.value) { changes.add(try await layoutChanges(with: node)) }
        try await office.ledger.commit(changes)
        try await office.registry.load(from: office.catalog)
    }

    /// - Throws: `checkFailed` while a project would lose copies by it, unless the node is said to be lost.
    func remove(_ stored: Stored<Node>, isLost: Bool) async throws {
        let node = stored.value
        let name = node.name
        if isLost {
            let state = await office.registry.state(of: node.id)
            guard state != .up else {
                throw HoldfastError(
                    .checkFailed,
                    "Node \(name) is up, and not lost: `holdfast node drain \(name)` moves what it holds, then remove it"
                )
            }
        } else {
            try await requireEmpty(node)
        }
        try await requireNoEnvironment(on: node)
        var changes = Changes()
        changes.delete(stored)
        changes.add(try await layoutChanges(without: node))
        changes.add(try await remembering(node.id))
        try await office.ledger.commit(changes)
        try await office.registry.load(from: office.catalog)
        office.logger.notice("Node \(name) (\(node.id)) was removed")
    }

    /// Its certificate is good for years: while the catalog is rebuilt it must not be taken in again by that.
    private func remembering(_ node: NodeID) async throws -> Changes {
        let stored = try await office.catalog.get(Setting<[NodeID]>.self, .removedNodes)
        let setting = Setting(.removedNodes, (stored?.value.value ?? []) + [node])
        var changes = Changes()
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        return changes
    }

    func wasRemoved(_ node: NodeID) async throws -> Bool {
        try await office.catalog.get(Setting<[NodeID]>.self, .removedNodes)?.value.value.contains(node) ?? false
    }

    /// Nothing that is needed is left there, by what the nodes say now. A backup that is being made may hold something there
    /// that no list names yet.
    private func requireEmpty(_ node: Node) async throws {
        guard node.leavingSince != nil else {
            throw HoldfastError(
                .checkFailed,
                """
                Node \(node.name) holds data: `holdfast node drain \(node.name)` moves it first; for a node that will not \
                come back, say --lost
                """)
        }
        let open = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value)
        if let job = open.first(where: { $0.kind == .backup }) {
            throw HoldfastError(
                .busy, "Backup job \(job.id) of \(job.environment) is under way: try again once it has ended",
                context: ["job": job.id.text])
        }
        for project in try await office.catalog.all(Project.self).map(\.value) {
            let look = try await RepairLook(office: office, project: project.id, name: project.name)
            guard look.here.contains(node.id) else {
                throw HoldfastError(
                    .unavailable, "Node \(node.name) is not here to say what it still has: start it, or say --lost")
            }
            let left = look.plan.left[node.id] ?? 0
            guard left == 0 else {
                throw HoldfastError(
                    .checkFailed,
                    """
                    Node \(node.name) still has \(left) objects that project \(project.name) needs: wait for the drain to \
                    end, or see what keeps it with `holdfast repair run \(project.name)`
                    """)
            }
        }
    }

    private func requireNoEnvironment(on node: Node) async throws {
        let environments = try await office.catalog.all(Environment.self).map(\.value).filter { $0.node == node.id }
        guard let first = environments.first else { return }
        throw HoldfastError(
            .checkFailed,
            """
            \(first.reference) is backed up by node \(node.name)\
            \(environments.count > 1 ? ", as are \(environments.count - 1) others" : ""): name another with \
            `holdfast environment change \(first.reference) --node NAME`
            """)
    }

    /// - Throws: `checkFailed`, naming the project, where a layout without the node would not meet a policy.
    func requirePolicies(without node: Node) async throws {
        let members = await office.registry.layout.members.filter { $0.node != node.id }
        for project in try await office.catalog.all(Project.self).map(\.value) {
            do {
                try Placement(layout: Layout(number: 0, members: members), policy: project.policy).requireMeetable()
            } catch {
                throw error.during("Project \(project.name)")
            }
        }
    }

    /// The layout of the nodes that have registered, with this one, under the next number.
    ///
    /// A node without an address can be reached by no other, so it is placed on only while it is alone.
    ///
    /// - Parameter known: a number that the new one is to be above, too.
    func layoutChanges(with node: Node, above known: UInt64 = 0) async throws -> Changes {
        try await layoutChanges(instead: [node], of: node.id, above: known)
    }

    private func layoutChanges(without node: Node) async throws -> Changes {
        try await layoutChanges(instead: [], of: node.id)
    }

    private func layoutChanges(
        instead others: [Node], of node: NodeID, above known: UInt64 = 0
    ) async throws -> Changes {
        // The layout first: a node that comes after it was read makes the transaction look again.
        let stored = try await office.catalog.get(Setting<Layout>.self, .layout)
        let nodes = try await office.catalog.all(Node.self).map(\.value).filter { $0.id != node } + others
        let members = nodes.filter { $0.isAwaited == nil && ($0.address != nil || nodes.count == 1) }
            .sorted { $0.id < $1.id }
            .map { Layout.Member(node: $0.id, region: $0.region, weight: $0.share, address: $0.address ?? "") }
        var changes = Changes()
        let last = max(stored?.value.value.number ?? 0, known)
        let setting = Setting(.layout, Layout(number: last + 1, members: members))
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        return changes
    }
}

extension Node {
    /// Its weight in the layout.
    fileprivate var share: Double { leavingSince == nil ? weight : 0 }

    fileprivate func hasOtherShare(than other: Node) -> Bool { share != other.share || address != other.address }
}

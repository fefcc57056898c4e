import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
package import HoldfastWire
import Logging

/// Lets nodes into the cluster by single-use tokens, and hears of those that are in it.
package struct NodeAdmission: Sendable {
    /// How often a join that met another one looks again.
    private static let attempts = 8

    let office: Office
    let authority: ClusterCA

    /// A token that lets one node join until it expires. Only its hash is kept.
    package func makeToken(valid: Duration, author: String) async throws -> JoinTokenResult {
        let token = HoldfastWire.JoinToken(fingerprint: authority.fingerprint, entropy: office.entropy)
        let now = office.clock.now
        var changes = Changes()
        for old in try await office.catalog.list(HoldfastCatalog.JoinToken.self, scope: "", limit: 100)
        where old.value.expiresAt <= now { changes.delete(old) }
        let record = HoldfastCatalog.JoinToken(
            digest: token.secretHash.hexadecimal, author: author, createdAt: now, expiresAt: now.advanced(by: valid))
        try changes.insert(record)
        try await office.ledger.commit(changes)
        return JoinTokenResult(token: token.text, expires: record.expiresAt)
    }

    /// - Throws: `unauthenticated` for a token that is unknown, used or expired, without saying which.
    package func join(_ message: JoinCluster) async throws -> JoinCluster.Reply {
        let token = try HoldfastWire.JoinToken(message.token)
        try Self.validate(message)
        return try await again { try await admit(message, token.secretHash.hexadecimal) }
    }

    /// What others wrote at the same time is looked at anew.
    private func again<Value>(_ body: () async throws -> Value) async throws -> Value {
        for attempt in 1... {
            do {
                return try await body()
            } catch let error as HoldfastError where error.code == .conflict && attempt < Self.attempts {
                continue
            }
        }
        throw HoldfastError(.conflict, "Too many nodes join at once: try again")
    }

    private func admit(_ message: JoinCluster, _ digest: String) async throws -> JoinCluster.Reply {
        let refusal = HoldfastError(
            .unauthenticated,
            "The join token is unknown, used up or expired: make a new one with `holdfast node token`")
        guard let token = try await office.catalog.get(HoldfastCatalog.JoinToken.self, digest),
            token.value.expiresAt > office.clock.now
        else { throw refusal }
        let layout = try await office.catalog.get(Setting<Layout>.self, .layout)
        let nodes = try await office.catalog.all(Node.self)
        let namesake = nodes.first { $0.value.name == message.nodeName }
        if let namesake, namesake.value.isAwaited != true {
            throw HoldfastError(
                .alreadyExists, "There is a node called \(message.nodeName) already: give the new one another name")
        }
        try Self.requireAddresses(of: nodes.map(\.value), in: layout?.value.value)
        var node = Node(
            id: office.identifier(), name: message.nodeName, region: message.region, address: message.address,
            weight: message.weight, joinedAt: office.now)
        node.isAwaited = true
        // Before the token is used up: a request that can't be signed costs nothing.
        let certificate = try authority.issueNode(
            node.id, requestPEM: message.certificateRequest, now: office.now)
        var changes = Changes()
        changes.delete(token)
        if let namesake { changes.delete(namesake) }
        try changes.insert(node)
        // Written anew, so that of two that join at the same time under one name one has to look again.
        let setting = layout?.value ?? Setting(.layout, Layout(number: 0, members: []))
        if let layout { try changes.put(setting, over: layout) } else { try changes.insert(setting) }
        try await office.ledger.commit(changes)
        try await office.registry.load(from: office.catalog)
        office.logger.notice("Node \(node.name) (\(node.id)) joined in region \(node.region)")
        return JoinCluster.Reply(node: node.id, certificate: certificate)
    }

    /// - Parameter peer: the node by its certificate.
    package func register(_ message: RegisterNode, from peer: NodeID) async throws -> RegisterNode.Reply {
        guard message.node == peer else {
            throw HoldfastError(.permissionDenied, "Node \(peer) can't register as \(message.node)")
        }
        try Self.validate(address: message.address)
        try await again { try await enrol(message) }
        try await office.registry.load(from: office.catalog)
        await office.registry.heard(from: peer)
        return RegisterNode.Reply(
            epoch: office.ledger.epoch, heartbeatSeconds: Int(office.configuration.heartbeat.components.seconds))
    }

    /// Puts the node into the layout when it first registers, and again where its address has changed.
    private func enrol(_ message: RegisterNode) async throws {
        guard let stored = try await office.catalog.get(Node.self, message.node) else {
            throw HoldfastError(
                .notFound, "Node \(message.node) is not in this cluster's catalog: join it again with a new token")
        }
        var node = stored.value
        node.address = message.address ?? node.address
        node.isAwaited = nil
        guard node != stored.value else { return }
        var changes = Changes()
        try changes.put(node, over: stored)
        changes.add(try await layoutChanges(with: node))
        try await office.ledger.commit(changes)
    }

    package func heartbeat(_ message: Heartbeat, from peer: NodeID) async throws -> Done {
        guard message.node == peer else {
            throw HoldfastError(.permissionDenied, "Node \(peer) can't speak for \(message.node)")
        }
        guard await office.registry.member(peer) != nil else {
            throw HoldfastError(.notFound, "Node \(peer) is not in this cluster's catalog")
        }
        await office.registry.heard(from: peer, message)
        return Done()
    }

    /// The layout of the nodes that have registered, with this one, under the next number.
    ///
    /// A node without an address can be reached by no other, so it is placed on only while it is alone.
    private func layoutChanges(with node: Node) async throws -> Changes {
        let stored = try await office.catalog.get(Setting<Layout>.self, .layout)
        let nodes = try await office.catalog.all(Node.self).map(\.value).filter { $0.id != node.id } + [node]
        let members = nodes.filter { $0.isAwaited == nil && ($0.address != nil || nodes.count == 1) }
            .sorted { $0.id < $1.id }
            .map { Layout.Member(node: $0.id, region: $0.region, weight: $0.weight, address: $0.address ?? "") }
        var changes = Changes()
        let setting = Setting(.layout, Layout(number: (stored?.value.value.number ?? 0) + 1, members: members))
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        return changes
    }

    /// What a node without an address holds would be out of reach of those that come.
    private static func requireAddresses(of nodes: [Node], in layout: Layout?) throws(HoldfastError) {
        guard let member = layout?.members.first(where: { $0.address.isEmpty }) else { return }
        let name = nodes.first { $0.id == member.node }?.name.text ?? member.node.text
        throw HoldfastError(
            .checkFailed,
            """
            Node \(name) holds the cluster's data and has no address where others could reach it: give it “listen” and \
            “advertise” in its node.yaml and start it again, then join this one
            """)
    }

    private static func validate(_ message: JoinCluster) throws(HoldfastError) {
        guard message.weight.isFinite, message.weight > 0, message.weight <= 1e9 else {
            throw HoldfastError(.invalidArgument, "A node's weight is a number greater than 0, usually its GiB")
        }
        try validate(address: message.address)
    }

    private static func validate(address: String?) throws(HoldfastError) {
        guard let address else { return }
        let colon = address.lastIndex(of: ":")
        let port = colon.flatMap { UInt16(address[address.index(after: $0)...]) }
        guard let colon, colon != address.startIndex, port ?? 0 > 0, address.utf8.count <= 260,
            address.utf8.allSatisfy({ (0x21..<0x7f).contains($0) })
        else {
            throw HoldfastError(
                .invalidArgument, "“\(address.printable(limit: 60))” is no address of a node: write HOST:PORT")
        }
        guard !Wildcard.matches(host: address[..<colon]) else { throw Wildcard.refusal(of: address) }
    }
}

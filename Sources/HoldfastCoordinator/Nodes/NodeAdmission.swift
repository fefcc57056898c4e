import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
package import HoldfastWire
import Logging

/// Lets nodes into the cluster by single-use tokens, and hears of those that are in it.
package struct NodeAdmission: Sendable {
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
        return try await office.retryingConflicts { try await admit(message, token.secretHash.hexadecimal) }
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
        if await office.adoption.isOpen { try await riseAbove(message) }
        try await office.retryingConflicts { try await enrol(message) }
        try await office.registry.load(from: office.catalog)
        await office.registry.heard(from: peer)
        return RegisterNode.Reply(
            epoch: office.ledger.epoch, heartbeatSeconds: Int(office.configuration.heartbeat.components.seconds))
    }

    /// A node that has obeyed a higher epoch than this one refuses it. While the catalog is rebuilt, that is a leader of the
    /// time before.
    private func riseAbove(_ message: RegisterNode) async throws {
        guard let epoch = message.epoch else { return }
        let isKnown = try await office.catalog.get(Node.self, message.node) != nil
        // One that is known may have obeyed this very leader.
        guard isKnown ? epoch > office.ledger.epoch : epoch >= office.ledger.epoch else { return }
        try await office.ledger.rise(above: epoch)
        office.logger.notice("Leads the cluster in epoch \(office.ledger.epoch), above that of node \(message.node)")
    }

    /// Puts the node into the layout when it first registers, and again where its address has changed.
    private func enrol(_ message: RegisterNode) async throws {
        let isRebuilding = await office.adoption.isOpen
        guard let stored = try await office.catalog.get(Node.self, message.node) else {
            guard isRebuilding else {
                throw HoldfastError(
                    .notFound,
                    """
                    Node \(message.node) is not in this cluster's catalog: join it again with a new token; where the catalog \
                    was lost, see `holdfast catalog rebuild`
                    """)
            }
            return try await adopt(message)
        }
        var node = stored.value
        node.address = message.address ?? node.address
        node.isAwaited = nil
        let known = isRebuilding ? try Self.layout(message, after: await office.registry.layout) : 0
        guard node != stored.value || known > 0 else { return }
        var changes = Changes()
        try changes.put(node, over: stored)
        changes.add(try await Membership(office: office).layoutChanges(with: node, above: known))
        try await office.ledger.commit(changes)
        await office.adoption.note(nil, at: office.time.uptime)
    }

    /// Takes in a node that shows a certificate of this cluster, as it says that it is.
    private func adopt(_ message: RegisterNode) async throws {
        guard try await !Membership(office: office).wasRemoved(message.node) else {
            throw HoldfastError(
                .permissionDenied, "Node \(message.node) was removed from the cluster: join it again with a new token")
        }
        guard let name = message.name, let region = message.region else {
            throw HoldfastError(
                .unsupported, "Node \(message.node) does not say its name and region: update it, then start it again")
        }
        let nodes = try await office.catalog.all(Node.self).map(\.value)
        guard !nodes.contains(where: { $0.name == name }) else {
            throw HoldfastError(
                .alreadyExists,
                "Node \(message.node) says that it is \(name), and there is one: change “name” in its node.yaml")
        }
        let weight = message.weight ?? 1
        guard weight.isFinite, weight > 0, weight <= 1e9 else {
            throw HoldfastError(.invalidArgument, "A node's weight is a number greater than 0, usually its GiB")
        }
        let node = Node(
            id: message.node, name: name, region: region, address: message.address, weight: weight,
            joinedAt: office.now)
        let known = try Self.layout(message, after: await office.registry.layout)
        var changes = Changes()
        try changes.insert(node)
        changes.add(try await Membership(office: office).layoutChanges(with: node, above: known))
        try await office.ledger.commit(changes)
        await office.adoption.note(name, at: office.time.uptime)
        office.logger.notice("Node \(name) (\(node.id)) of region \(region) was taken in again")
    }

    /// The layout that the node has heard of, where it is above the present one; 0 where it isn't.
    private static func layout(_ message: RegisterNode, after layout: Layout) throws(HoldfastError) -> UInt64 {
        guard let known = message.layout, known > layout.number else { return 0 }
        guard known - layout.number <= layoutJumpLimit else {
            throw HoldfastError(.malformed, "Layout \(known) can't follow layout \(layout.number)")
        }
        return known
    }

    /// Nodes refuse what is further, too.
    private static let layoutJumpLimit: UInt64 = 1_000_000

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

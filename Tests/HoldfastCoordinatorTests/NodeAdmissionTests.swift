import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastCoordinator

@Suite(.timeLimit(.minutes(5))) struct NodeAdmissionTests {
    private func message(_ token: Secret, _ name: String, weight: Double = 100, address: String? = "b:7000") throws
        -> JoinCluster
    {
        JoinCluster(
            token: token, nodeName: try Name(name), region: try Name("home"), address: address, weight: weight,
            certificateRequest: try CertificateRequest.make().requestPEM)
    }

    private func token(_ cluster: Cluster, _ coordinator: Coordinator) async throws -> JoinTokenResult {
        guard case .token(let token) = try await cluster.perform(coordinator, .nodeToken(NodeToken(validSeconds: 600)))
        else { throw HoldfastError(.internal, "no token") }
        return token
    }

    private func register(
        _ coordinator: Coordinator, _ node: NodeID, address: String? = nil
    ) async throws {
        let message = RegisterNode(node: node, softwareVersion: "1", address: address)
        _ = try await coordinator.admission.register(message, from: node)
    }

    private func holders(_ coordinator: Coordinator) async -> Set<NodeID> {
        Set(await coordinator.office.registry.layout.members.map(\.node))
    }

    @Test func aTokenLetsOneNodeInOnce() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let token = try await token(cluster, coordinator).token
        let reply = try await coordinator.admission.join(message(token, "two"))
        #expect(reply.certificate.contains("BEGIN CERTIFICATE"))
        // It holds nothing before it is there.
        #expect(await holders(coordinator) == [cluster.node])
        try await register(coordinator, reply.node)
        #expect(await coordinator.office.registry.layout.number == 2)
        #expect(await holders(coordinator) == [cluster.node, reply.node])
        try await register(coordinator, reply.node)
        #expect(await coordinator.office.registry.layout.number == 2)
        let again = await #expect(throws: HoldfastError.self) {
            try await coordinator.admission.join(message(token, "three"))
        }
        #expect(again?.code == .unauthenticated)
        #expect(try await cluster.catalog.all(Node.self).count == 2)
    }

    @Test func nodesThatJoinAtTheSameTimeAllGetIn() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let shared = try await token(cluster, coordinator).token
        let joined = await withTaskGroup(of: NodeID?.self) { group in
            for number in 0..<6 {
                group.addTask {
                    do {
                        let own = number < 3 ? try await token(cluster, coordinator).token : shared
                        return try await coordinator.admission.join(message(own, "node-\(number)")).node
                    } catch { return nil }
                }
            }
            return await group.reduce(into: [NodeID]()) { $0 += [$1].compactMap(\.self) }
        }
        #expect(joined.count == 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in joined { group.addTask { try await register(coordinator, node) } }
            try await group.waitForAll()
        }
        #expect(await holders(coordinator) == Set(joined + [cluster.node]))
    }

    @Test func ofTwoThatJoinUnderOneNameOneRemains() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    guard let own = try? await token(cluster, coordinator).token else { return }
                    _ = try? await coordinator.admission.join(message(own, "two"))
                }
            }
        }
        #expect(try await cluster.catalog.all(Node.self).map(\.value.name.text).sorted() == ["one", "two"])
    }

    @Test func aJoinThatWasCutOffLeavesNobodyBehind() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        // The answer never arrived: who asks again needs a token of its own, and takes the place.
        let ghost = try await coordinator.admission.join(message(token(cluster, coordinator).token, "two")).node
        let node = try await coordinator.admission.join(message(token(cluster, coordinator).token, "two")).node
        #expect(node != ghost)
        try await register(coordinator, node)
        #expect(await holders(coordinator) == [cluster.node, node])
        #expect(await coordinator.office.registry.all == [cluster.node, node].sorted())
        await #expect(throws: HoldfastError.self) { try await register(coordinator, ghost) }
        // Once it was here, the name is its own.
        let third = try await token(cluster, coordinator).token
        let error = await #expect(throws: HoldfastError.self) {
            try await coordinator.admission.join(message(third, "two"))
        }
        #expect(error?.code == .alreadyExists)
    }

    @Test func whoJoinedAndNeverCameHoldsNothing() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        _ = try await coordinator.admission.join(message(token(cluster, coordinator).token, "ghost"))
        let node = try await coordinator.admission.join(message(token(cluster, coordinator).token, "two")).node
        try await register(coordinator, node)
        #expect(await holders(coordinator) == [cluster.node, node])
    }

    @Test func aNodeThatNobodyReachesHoldsNothingBesideOthers() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let hidden = try await coordinator.admission.join(
            message(token(cluster, coordinator).token, "two", address: nil)
        ).node
        try await register(coordinator, hidden)
        #expect(await holders(coordinator) == [cluster.node])
        try await register(coordinator, hidden, address: "b:7000")
        #expect(await holders(coordinator) == [cluster.node, hidden])
    }

    @Test func aNodeThatIsAloneNeedsNoAddressUntilAnotherComes() async throws {
        let cluster = try await Cluster()
        let epoch = try await cluster.catalog.takeOffice(above: Epoch(0))
        let one = try #require(try await cluster.catalog.get(Node.self, cluster.node)).value
        let setting = Setting(.layout, Layout(number: 1, members: []))
        try await cluster.catalog.commit(Transaction(epoch: epoch, writes: [.delete(one), .put(setting)]))
        let coordinator = try await Coordinator.start(cluster.parts)
        let alone = try await coordinator.admission.join(
            message(token(cluster, coordinator).token, "local", address: nil)
        ).node
        try await register(coordinator, alone)
        #expect(await holders(coordinator) == [alone])
        let second = try await token(cluster, coordinator).token
        let error = await #expect(throws: HoldfastError.self) {
            try await coordinator.admission.join(message(second, "two"))
        }
        #expect(error?.code == .checkFailed && error?.message.contains("local") ?? false)
        try await register(coordinator, alone, address: "a:7000")
        let node = try await coordinator.admission.join(message(second, "two")).node
        try await register(coordinator, node)
        #expect(await holders(coordinator) == [alone, node])
    }

    @Test func whatIsRefused() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let token = try await token(cluster, coordinator).token
        func refused(_ message: JoinCluster, _ code: ErrorCode) async {
            let error = await #expect(throws: HoldfastError.self) { try await coordinator.admission.join(message) }
            #expect(error?.code == code)
        }
        await refused(try message(token, "one"), .alreadyExists)
        await refused(try message(token, "two", weight: .infinity), .invalidArgument)
        await refused(try message(token, "two", weight: 0), .invalidArgument)
        for address in ["", "host", ":1", "host:", "host:0", "host:99999", "ho st:1"] {
            await refused(try message(token, "two", address: address), .invalidArgument)
        }
        for address in ["0.0.0.0:7642", "[::]:7642", ":::7642", "[0:0::0]:1", "0:7642", "*:1"] {
            await refused(try message(token, "two", address: address), .invalidArgument)
        }
        for host in ["10.0.0.0", "[::1]", "host0", "[fe80::]"] { #expect(!Wildcard.matches(host: host)) }
        var unsigned = try message(token, "two")
        unsigned.certificateRequest = "nonsense"
        await #expect(throws: HoldfastError.self) { try await coordinator.admission.join(unsigned) }
        await refused(try message(Secret("nonsense"), "two"), .invalidArgument)
        // None of it has used the token up; time does.
        cluster.time.advance(by: .seconds(601))
        await refused(try message(token, "two"), .unauthenticated)
    }

    @Test func nobodySpeaksForAnother() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let other = try await coordinator.admission.join(message(token(cluster, coordinator).token, "two")).node
        let heartbeat = Heartbeat(
            node: cluster.node, capacityBytes: 10, freeBytes: 5, objects: 3, storedBytes: 4, takesWrites: true)
        let error = await #expect(throws: HoldfastError.self) {
            try await coordinator.admission.heartbeat(heartbeat, from: other)
        }
        #expect(error?.code == .permissionDenied)
    }

    @Test func silenceMakesANodeSuspectAndThenDown() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let registry = coordinator.office.registry
        #expect(await registry.state(of: cluster.node) == .suspect)
        let register = RegisterNode(node: cluster.node, softwareVersion: "1", address: "moved:7000")
        let reply = try await coordinator.admission.register(register, from: cluster.node)
        #expect(reply.epoch == coordinator.office.ledger.epoch && reply.heartbeatSeconds == 5)
        #expect(await registry.layout.members.map(\.address) == ["moved:7000"])
        #expect(await registry.layout.number == 2)
        #expect(await registry.state(of: cluster.node) == .up)
        cluster.time.jump(by: .seconds(100_000))
        #expect(await registry.state(of: cluster.node) == .up)
        cluster.time.advance(by: .seconds(20))
        #expect(await registry.state(of: cluster.node) == .suspect)
        let heartbeat = Heartbeat(
            node: cluster.node, capacityBytes: 10, freeBytes: 5, objects: 3, storedBytes: 4, takesWrites: true)
        _ = try await coordinator.admission.heartbeat(heartbeat, from: cluster.node)
        #expect(await registry.statuses.map(\.state) == [.up])
        #expect(await registry.statuses.map(\.freeBytes) == [5])
        cluster.time.advance(by: .seconds(50))
        #expect(await registry.state(of: cluster.node) == .down)
        let stranger = NodeID(at: cluster.time.now, entropy: cluster.entropy)
        await #expect(throws: HoldfastError.self) {
            try await coordinator.admission.register(register, from: stranger)
        }
        await #expect(throws: HoldfastError.self) {
            try await coordinator.admission.heartbeat(heartbeat, from: stranger)
        }
    }

    /// While the catalog is rebuilt a certificate is enough, unless the node was removed: it may have been stolen.
    @Test func whoWasRemovedIsNotTakenInAgain() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let node = try await coordinator.admission.join(message(token(cluster, coordinator).token, "two")).node
        try await register(coordinator, node)
        let stranger = NodeID(at: cluster.time.now, entropy: cluster.entropy)
        cluster.time.advance(by: .seconds(3600))
        _ = try await cluster.perform(coordinator, .nodeRemove(NodeRemove(node: try Name("two"), isLost: true)))
        try await coordinator.office.adoption.open(at: cluster.time.uptime)
        func adopt(_ node: NodeID, _ name: String) async throws {
            let message = RegisterNode(
                node: node, softwareVersion: "1", address: "c:7000", name: try Name(name), region: try Name("home"))
            _ = try await coordinator.admission.register(message, from: node)
        }
        try await adopt(stranger, "three")
        let error = await #expect(throws: HoldfastError.self) { try await adopt(node, "two") }
        #expect(error?.code == .permissionDenied)
        #expect(await holders(coordinator) == [cluster.node, stranger])
    }
}

import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@Suite(.timeLimit(.minutes(1))) struct NodeAdmissionTests {
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

    @Test func aTokenLetsOneNodeInOnce() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let token = try await token(cluster, coordinator).token
        let reply = try await coordinator.admission.join(message(token, "two"))
        #expect(reply.certificate.contains("BEGIN CERTIFICATE"))
        let layout = await coordinator.office.registry.layout
        #expect(layout.number == 2)
        #expect(Set(layout.members.map(\.node)) == [cluster.node, reply.node])
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
        let joined = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<6 {
                group.addTask {
                    do {
                        let own = number < 3 ? try await token(cluster, coordinator).token : shared
                        _ = try await coordinator.admission.join(message(own, "node-\(number)"))
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(joined == 4)
        #expect(await coordinator.office.registry.layout.members.count == 5)
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
        var unsigned = try message(token, "two")
        unsigned.certificateRequest = "nonsense"
        await #expect(throws: HoldfastError.self) { try await coordinator.admission.join(unsigned) }
        await refused(try message(Secret("nonsense"), "two"), .invalidArgument)
        // None of it has used the token up; time does.
        cluster.time.advance(by: .seconds(601))
        await refused(try message(token, "two"), .unauthenticated)
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
}

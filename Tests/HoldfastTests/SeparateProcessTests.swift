import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Coordinator and node as processes of their own, joined by a token, do the same as one process does.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct SeparateProcessTests {
    @Test func coordinatorAndNodeApart() async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        let (coordinatorData, nodeData) = (cluster.root.path + "/data", cluster.root.path + "/node")
        let initialised = try HoldfastBinary.run([
            "cluster", "init", "--data", coordinatorData, "--listen", "127.0.0.1:\(cluster.ports[0])",
            "--console", "127.0.0.1:\(cluster.ports[1])",
        ])
        #expect(initialised.status == 0, "\(initialised.errors)")
        let coordinatorLog = cluster.root.appendingPathComponent("coordinator.log")
        let coordinator = try ServerProcess(
            ["coordinator", "--config", coordinatorData + "/coordinator.yaml"], log: coordinatorLog)
        defer { coordinator.stop() }
        try cluster.until("the coordinator answers") { try cluster.holdfast("cluster", "status").status == 0 }

        guard case .token(let token) = try cluster.result("node", "token") else { throw TestFailure("no token") }
        func join(_ name: String) throws -> HoldfastBinary.Outcome {
            try HoldfastBinary.run([
                "node", "join", "--token", token.token.revealed, "--coordinator", "127.0.0.1:\(cluster.ports[0])",
                "--data", "\(nodeData)-\(name)", "--name", name, "--region", "here", "--listen",
                "127.0.0.1:\(freePort())", "--media-root", cluster.media.path, "--database-host", "127.0.0.1",
                "--reserve", "64MiB",
            ])
        }
        let joined = try join("first")
        #expect(joined.status == 0, "\(joined.errors)")
        #expect(try join("second").status != 0, "a token serves once")

        let nodeLog = cluster.root.appendingPathComponent("node.log")
        var node = try ServerProcess(["node", "--config", nodeData + "-first/node.yaml"], log: nodeLog)
        defer { node.stop() }
        try cluster.until("the node is up") {
            guard case .nodes(let nodes) = try cluster.result("node", "list") else { return false }
            return nodes.map(\.state) == [.up]
        }

        let shop = try await Shop.open(on: cluster)
        let live = try await shop.content("shop/live")
        let backup = try shop.backUp()
        node.kill()
        node = try ServerProcess(["node", "--config", nodeData + "-first/node.yaml"], log: nodeLog)
        _ = try shop.restore(backup.id)
        #expect(try await shop.content("shop/test") == live)
        #expect(node.stop() == 0)
        #expect(coordinator.stop() == 0)
    }
}

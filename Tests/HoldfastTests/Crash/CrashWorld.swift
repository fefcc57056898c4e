import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit

/// A cluster and a database server in real processes that can be killed and started again one by one, and made to halt
/// where they pass a point.
final class CrashWorld {
    /// Coordinator and node are one process.
    let isSingle: Bool
    let cluster: Cluster
    let postgres: ThrowawayPostgres
    let halts: HaltDirectory
    private var coordinator: ServerProcess?
    private var node: ServerProcess?
    private var coordinatorArguments: [String] = []
    private var nodeArguments: [String] = []

    /// Starts everything.
    static func open(single: Bool) async throws -> CrashWorld {
        let world = try CrashWorld(single: single, postgres: try await ThrowawayPostgres.start())
        do {
            try single ? world.startSingle() : world.startApart()
            return world
        } catch {
            await world.close(keepFiles: false)
            throw error
        }
    }

    private init(single: Bool, postgres: ThrowawayPostgres) throws {
        isSingle = single
        self.postgres = postgres
        cluster = try Cluster()
        halts = try HaltDirectory(cluster.root.path + "/halts")
    }

    /// - Parameter keepFiles: leaves logs, catalog and node as they are, for whoever looks for a failure's cause.
    func close(keepFiles: Bool) async {
        try? halts.clear()
        for process in [coordinator, node] { process?.stop() }
        await postgres.stop()
        if !keepFiles { cluster.remove() }
    }

    private func startSingle() throws {
        coordinatorArguments = [
            "up", "--data", cluster.root.path + "/data", "--listen", "127.0.0.1:\(cluster.ports[0])", "--console",
            "127.0.0.1:\(cluster.ports[1])", "--http", "127.0.0.1:\(cluster.ports[2])", "--media-root",
            cluster.media.path, "--database-host", "127.0.0.1",
            "--reserve", "64MiB",
        ]
        coordinator = try serve(coordinatorArguments, "coordinator")
        try untilUp()
    }

    private func startApart() throws {
        let (coordinatorData, nodeData) = (cluster.root.path + "/data", cluster.root.path + "/node")
        try run([
            "cluster", "init", "--data", coordinatorData, "--listen", "127.0.0.1:\(cluster.ports[0])", "--console",
            "127.0.0.1:\(cluster.ports[1])",
        ])
        coordinatorArguments = ["coordinator", "--config", coordinatorData + "/coordinator.yaml"]
        coordinator = try serve(coordinatorArguments, "coordinator")
        try cluster.until("the coordinator answers") { try cluster.holdfast("cluster", "status").status == 0 }
        guard case .token(let token) = try cluster.result("node", "token") else { throw TestFailure("no token") }
        try run([
            "node", "join", "--token", token.token.revealed, "--coordinator", "127.0.0.1:\(cluster.ports[0])",
            "--data", nodeData, "--name", "worker", "--region", "here", "--listen", "127.0.0.1:\(freePort())",
            "--media-root", cluster.media.path, "--database-host", "127.0.0.1", "--reserve", "64MiB",
        ])
        nodeArguments = ["node", "--config", nodeData + "/node.yaml"]
        node = try serve(nodeArguments, "node")
        try untilUp()
    }

    func untilUp() throws {
        try cluster.until("the node is up") {
            guard let outcome = try? cluster.holdfast("node", "list", "--json"), outcome.status == 0 else {
                return false
            }
            return outcome.output.contains("\"state\":\"up\"")
        }
    }

    private func run(_ arguments: [String]) throws {
        let outcome = try HoldfastBinary.run(arguments)
        guard outcome.status == 0 else { throw TestFailure("\(arguments): \(outcome.errors)") }
    }

    private func serve(_ arguments: [String], _ name: String) throws -> ServerProcess {
        try ServerProcess(
            arguments, log: cluster.root.appendingPathComponent("\(name).log"), environment: halts.environment)
    }

    /// A command of a person, who may see it fail or wait for ever.
    func command(_ arguments: [String]) throws -> ServerProcess {
        try ServerProcess(
            arguments, log: cluster.root.appendingPathComponent("commands.log"), environment: cluster.client)
    }

    // MARK: Crashes

    /// Kills the victim, without a chance to say goodbye.
    func strike(_ victim: Victim) throws {
        // Of a process and its tools the tools would see their pipe's end first, and go in order.
        if victim == .tool { return killTools() }
        if victim.takesPostgres { try postgres.kill() }
        if victim.takesNode { (isSingle ? coordinator : node)?.kill() }
        if victim.takesCoordinator { coordinator?.kill() }
    }

    private func killTools() {
        guard let process = isSingle ? coordinator : node else { return }
        for child in ChildProcesses.of(process.identifier) where child.name.hasPrefix("pg_") {
            kill(child.identifier, SIGKILL)
        }
    }

    /// Starts again what was killed.
    func revive(_ victim: Victim) async throws {
        if victim.takesPostgres { try await postgres.relaunch() }
        if isSingle {
            if coordinator?.isRunning == false { coordinator = try serve(coordinatorArguments, "coordinator") }
            return
        }
        if coordinator?.isRunning == false { coordinator = try serve(coordinatorArguments, "coordinator") }
        if node?.isRunning == false { node = try serve(nodeArguments, "node") }
    }

    /// Processes that ended without having been asked to.
    var fallen: [String] {
        [("coordinator", coordinator), ("node", node)].filter { $0.1?.isRunning == false }.map(\.0)
    }
}

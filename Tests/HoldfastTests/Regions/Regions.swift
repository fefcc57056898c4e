import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

/// A coordinator and nodes in several regions, each a process of its own, that can be killed and started again.
final class Regions {
    static let names = ["eu-west", "eu-north", "us-east"]

    let cluster: Cluster
    private let noticesSilenceSoon: Bool
    private var coordinator: ServerProcess
    private var nodes: [String: ServerProcess] = [:]

    var nodeNames: [String] { nodes.keys.sorted() }

    /// - Parameters:
    ///   - perRegion: how many nodes each region has.
    ///   - noticesSilenceSoon: for tests that wait until a node is taken for lost, and not for what operators sleep through.
    init(perRegion: Int = 2, noticesSilenceSoon: Bool = true) throws {
        cluster = try Cluster()
        self.noticesSilenceSoon = noticesSilenceSoon
        coordinator = try Self.lead(cluster, noticesSilenceSoon: noticesSilenceSoon)
        for region in Self.names { for number in 1...perRegion { try join("\(region)-\(number)", region: region) } }
        try awaitUp(Self.names.count * perRegion)
    }

    /// Makes a coordinator and starts it.
    private static func lead(
        _ cluster: Cluster, _ arguments: [String] = [], noticesSilenceSoon: Bool
    ) throws -> ServerProcess {
        let data = cluster.root.path + "/data"
        let initialised = try HoldfastBinary.run(
            [
                "cluster", "init", "--data", data, "--listen", "127.0.0.1:\(cluster.ports[0])",
                "--console", "127.0.0.1:\(cluster.ports[1])",
            ] + arguments)
        guard initialised.status == 0 else { throw TestFailure(initialised.errors) }
        let settings = URL(fileURLWithPath: data + "/coordinator.yaml")
        if noticesSilenceSoon {
            // Yet not as soon as a process is silent that has to share a busy machine with all the others.
            let text = try String(contentsOf: settings, encoding: .utf8)
            let waits =
                """
                nodes:
                  heartbeatSeconds: 2
                  suspectAfterSeconds: 8
                  downAfterSeconds: 15
                  giveUpAfterSeconds: 16

                """
            try Data((text + "\n" + waits).utf8).write(to: settings)
        }
        let coordinator = try ServerProcess(
            ["coordinator", "--config", settings.path], log: cluster.root.appendingPathComponent("coordinator.log"))
        try cluster.until("the coordinator answers") { try cluster.holdfast("cluster", "status").status == 0 }
        return coordinator
    }

    /// Everything dies, and nothing is left of the coordinator, nor of the nodes outside of one region.
    func loseEverything(but region: String) throws {
        coordinator.kill()
        let names = Array(nodes.keys)
        for name in names { kill(name) }
        try FileManager.default.removeItem(atPath: cluster.root.path + "/data")
        for name in names where !name.hasPrefix(region) { try FileManager.default.removeItem(atPath: directory(name)) }
    }

    /// Makes the coordinator again at its address.
    func recover(from file: String) throws {
        coordinator = try Self.lead(cluster, ["--recovery", file], noticesSilenceSoon: noticesSilenceSoon)
    }

    static func with(
        perRegion: Int = 2, noticesSilenceSoon: Bool = true, _ body: (Regions) async throws -> Void
    ) async throws {
        let regions = try Regions(perRegion: perRegion, noticesSilenceSoon: noticesSilenceSoon)
        defer { regions.remove() }
        do {
            try await body(regions)
        } catch {
            Issue.record("\(error)\n--- coordinator log ---\n\(regions.log("coordinator").suffix(6000))")
            throw error
        }
    }

    func log(_ name: String) -> String {
        (try? String(contentsOf: cluster.root.appendingPathComponent("\(name).log"), encoding: .utf8)) ?? ""
    }

    func directory(_ node: String) -> String { cluster.root.path + "/\(node)" }

    func join(_ name: String, region: String) throws {
        guard case .token(let token) = try cluster.result("node", "token") else { throw TestFailure("no token") }
        let joined = try HoldfastBinary.run([
            "node", "join", "--token", token.token.revealed, "--coordinator", "127.0.0.1:\(cluster.ports[0])",
            "--data", directory(name), "--name", name, "--region", region, "--listen", "127.0.0.1:\(freePort())",
            "--media-root", cluster.media.path, "--database-host", "127.0.0.1", "--reserve", "64MiB",
        ])
        guard joined.status == 0 else { throw TestFailure(joined.errors) }
        try start(name)
    }

    func start(_ name: String) throws {
        nodes[name] = try ServerProcess(
            ["node", "--config", directory(name) + "/node.yaml"],
            log: cluster.root.appendingPathComponent("\(name).log"))
    }

    func kill(_ name: String) {
        nodes[name]?.kill()
        nodes[name] = nil
    }

    func members(of region: String) -> [String] { nodes.keys.filter { $0.hasPrefix(region) }.sorted() }

    /// - Returns: the nodes that died.
    @discardableResult
    func kill(region: String) -> [String] {
        let members = members(of: region)
        for name in members { kill(name) }
        return members
    }

    func remove() {
        for node in nodes.values { node.kill() }
        coordinator.stop()
        cluster.remove()
    }

    func statuses() throws -> [NodeStatus] {
        guard case .nodes(let nodes) = try cluster.result("node", "list") else { throw TestFailure("no nodes") }
        return nodes
    }

    func awaitUp(_ count: Int) throws {
        try cluster.until("\(count) nodes are up") { try statuses().count { $0.state == .up } >= count }
    }

    func awaitState(_ state: NodeStatus.State, of names: [String]) throws {
        try cluster.until("\(names) are \(state)") {
            try statuses().filter { names.contains($0.name.text) }.allSatisfy { $0.state == state }
        }
    }

    // MARK: content

    /// A project with an environment `live` to back up and `test` to restore into, of media only.
    func makeShop(files: Int = 30, bytes: Int = 40_000) throws {
        try cluster.result("project", "create", "shop")
        for name in ["live", "test"] {
            let directory = cluster.media.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try cluster.result("environment", "create", "shop/\(name)", "--schedule", "none")
            try cluster.result("service", "set", "shop/\(name)", "media", "--path", directory.path)
        }
        for number in 0..<files { try writeFile("file-\(number)", bytes: bytes) }
    }

    /// Of content that neither compresses nor repeats.
    func writeFile(_ name: String, bytes: Int) throws {
        var random = SystemRandomNumberGenerator()
        let content = Data((0..<bytes / 8).flatMap { _ in withUnsafeBytes(of: random.next(), Array.init) })
        try content.write(to: cluster.media.appendingPathComponent("live/\(name)"))
    }

    func content(_ environment: String) throws -> [String: Data] {
        let directory = cluster.media.appendingPathComponent(environment)
        var content: [String: Data] = [:]
        // What is kept for an undo lies beside the rest.
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
        where !name.hasPrefix(".holdfast-") {
            content[name] = try Data(contentsOf: directory.appendingPathComponent(name))
        }
        return content
    }

    func backUp() throws -> Backup {
        guard case .backup(let detail) = try cluster.result("backup", "create", "shop/live") else {
            throw TestFailure("no backup")
        }
        return detail.backup
    }

    func restore(_ backup: BackupID) throws {
        guard
            case .restore(let detail) = try cluster.result(
                "restore", "start", backup.text, "--to", "shop/test", "--yes"),
            detail.status == .succeeded
        else { throw TestFailure("the restore of \(backup) failed") }
    }

    func repair() throws -> RepairReport {
        for _ in 1...100 {
            let outcome = try cluster.holdfast("repair", "run", "shop", "--json")
            if outcome.status == 0 {
                guard
                    case .repaired(let repaired) = try JSONDecoder().decode(
                        CommandResult.self, from: Data(outcome.output.utf8)), let report = repaired.first?.report
                else { throw TestFailure("no report: \(outcome.output)") }
                return report
            }
            // One that began by itself is at work.
            guard outcome.output.contains("busy") || outcome.errors.contains("busy") else {
                throw TestFailure("repair: \(outcome.errors)\(outcome.output)")
            }
            usleep(200_000)
        }
        throw TestFailure("a repair is always at work")
    }

    /// Files that the node keeps, by kind.
    func objects(of node: String, kind: String = "shard") throws -> [String] {
        let root = directory(node) + "/objects/\(kind)"
        guard let paths = FileManager.default.enumerator(atPath: root) else { return [] }
        return paths.compactMap { ($0 as? String).map { "\(root)/\($0)" } }.filter {
            URL(fileURLWithPath: $0).lastPathComponent.count == 64
        }.sorted()
    }

    /// On how many nodes, and in how many regions, each shard, list and manifest lies.
    func copies() throws -> [String: (nodes: Int, regions: Int)] {
        var places: [String: Set<String>] = [:]
        for status in try statuses() {
            for kind in ["shard", "manifest", "references"] {
                for path in try objects(of: status.name.text, kind: kind) {
                    places[URL(fileURLWithPath: path).lastPathComponent, default: []].insert(status.name.text)
                }
            }
        }
        return places.mapValues { nodes in
            (nodes.count, Set(nodes.map { $0.split(separator: "-").dropLast().joined(separator: "-") }).count)
        }
    }
}

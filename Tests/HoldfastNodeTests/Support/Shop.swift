import Foundation
import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import HoldfastWire
import Synchronization

@testable import HoldfastNode

/// A worker with a real store, a real database and a real tree of its own, in a directory that goes when it does.
final class Shop: Sendable {
    let directory: String
    let server: ThrowawayPostgres
    let database: String
    let store: ObjectStore
    let keys: ProjectKeys
    let resources: WorkerResources
    private let jobs = Mutex(0)

    init() async throws {
        directory = NSTemporaryDirectory() + "holdfast-worker-\(UUID().uuidString.prefix(8))"
        server = try await SharedPostgres.server()
        database = "shop_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "").prefix(12)
        try FileManager.default.createDirectory(atPath: directory + "/media", withIntermediateDirectories: true)
        let disk = try PosixDisk(root: directory + "/data")
        store = try await ObjectStore(
            node: Fixture.node, disk: disk, time: RealTime(), configuration: .init(reserveBytes: 0))
        keys = ProjectKeys(generatedFrom: RealEntropy())
        resources = WorkerResources(
            store: store, peers: NoPeers(), disk: disk,
            indexFiles: PosixIndexFiles(directory: directory + "/data/index"),
            databases: PostgresServer(), databaseHosts: DatabaseHosts(["127.0.0.1"]),
            mediaRoots: MediaRoots(allowed: [directory + "/media"], calls: LinuxFileCalls()), time: RealTime(),
            entropy: RealEntropy())
        try await server.sql("CREATE DATABASE \(database)")
        try await server.sql(
            """
            CREATE TABLE item (id int PRIMARY KEY, name text);
            INSERT INTO item SELECT n, repeat('content ' || n, 5) FROM generate_series(1, 5000) n;
            CREATE TABLE empty (id int);
            SELECT lo_create(0);
            """, in: database)
        try write("images/a.bin", Self.noise(300_000, seed: 1))
        try write("images/b.txt", Array("second".utf8))
        try write("empty", [])
        try FileManager.default.createSymbolicLink(
            atPath: directory + "/media/link", withDestinationPath: "images/a.bin")
    }

    func remove() async {
        try? FileManager.default.removeItem(atPath: directory)
        let left = try? await server.sql(
            "SELECT datname FROM pg_database WHERE datname LIKE 'hf\\_%' OR datname = '\(database)'")
        // Other tests share the server, so only databases that this one's jobs made are dropped.
        for name in (left ?? "").split(separator: "\n").map(String.init) where name == database {
            _ = try? await server.sql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        }
    }

    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    func write(_ path: String, _ bytes: [UInt8]) throws {
        let url = URL(fileURLWithPath: directory + "/media/" + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// Every path of the tree with its content; staging directories as they lie there.
    func tree() throws -> [String: [UInt8]] {
        var result: [String: [UInt8]] = [:]
        let root = directory + "/media"
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            if path.hasPrefix(StagingNames.mediaPrefix) { continue }
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: root + "/" + path) {
                result[path] = Array(target.utf8)
            } else {
                result[path] = FileManager.default.contents(atPath: root + "/" + path).map(Array.init) ?? []
            }
        }
        return result
    }

    func content() async throws -> String { try await server.plainDump(of: database) }

    var stagedNames: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: directory + "/media").filter {
                $0.hasPrefix(StagingNames.mediaPrefix)
            }
        }
    }

    func databases(of job: JobID) async throws -> String {
        try await server.sql("SELECT datname FROM pg_database WHERE datname LIKE 'hf\\_\(job)\\_%' ORDER BY 1")
    }

    // MARK: Orders

    func order(_ job: JobID) -> Order { Order(epoch: Epoch(1), job: job) }

    func job() -> JobID { JobID(at: RealTime().now, entropy: RealEntropy()) }

    var targets: [ServiceTarget] {
        let login = server.login(database)
        return [
            ServiceTarget(
                service: ServiceReference(.database), location: .database(login.address, password: login.password)),
            ServiceTarget(service: ServiceReference(.media), location: .media(path: directory + "/media")),
        ]
    }

    var terms: PlacementTerms {
        get throws {
            let name = try Name("local")
            return PlacementTerms(
                layout: Layout(
                    number: 1, members: [.init(node: Fixture.node, region: name, weight: 1, address: "")]),
                policy: PlacementPolicy(name: name, copies: 1, regions: 1))
        }
    }

    func capture(
        _ worker: Worker, _ targets: [ServiceTarget]? = nil, previous: [BackupPart] = []
    ) async throws -> CaptureServices.Reply {
        try await worker.capture(
            CaptureServices(
                order: order(job()), backup: BackupID(at: RealTime().now, entropy: RealEntropy()),
                project: Fixture.project, environment: EnvironmentReference("shop/live"),
                notes: ["trigger": "on-demand", "author": "anna", "note": "before the sale"],
                keys: keys.serialized, services: targets ?? self.targets,
                previous: previous.map {
                    .init(
                        service: $0.service, manifest: $0.manifest, references: $0.references, startedAt: $0.startedAt)
                }, terms: terms, holdUntil: RealTime().now.advanced(by: .seconds(3600))))
    }

    func stages(_ worker: Worker, _ parts: [BackupPart], for job: JobID) async throws -> [StageServices.Stage] {
        let checks = targets.filter { target in parts.contains { $0.service == target.service } }.map { target in
            CheckServices.Check(target: target, purpose: .exchange)
        }
        let report = try await worker.check(CheckServices(services: checks))
        guard report.isGood else { throw HoldfastError(.checkFailed, "\(report.problems)") }
        return try zip(checks, report.services).map { check, report in
            guard let identity = report.identity, let part = parts.first(where: { $0.service == report.service }) else {
                throw HoldfastError(.checkFailed, "no identity")
            }
            return StageServices.Stage(
                target: check.target, identity: identity,
                content: .part(
                    service: part.service, manifest: part.manifest, references: part.references, counts: part.counts,
                    fromAnotherProject: false))
        }
    }

    func stage(_ worker: Worker, _ stages: [StageServices.Stage], for job: JobID) async throws -> [SwapServices.Item] {
        let reply = try await worker.stage(
            StageServices(
                order: order(job), project: Fixture.project, keys: keys.serialized, services: stages, terms: terms))
        return zip(stages, reply.services).map { SwapServices.Item(target: $0.target, staged: $1) }
    }
}

struct NoPeers: PeerCalls {
    func put(_ message: PutObject, bytes: [UInt8], to member: Layout.Member, by road: Road) throws { throw gone }
    func get(
        _ message: GetObject, from member: Layout.Member, by road: Road
    ) throws -> (bytes: [UInt8], size: Int64) { throw gone }
    func hold(
        _ message: HoldObjects, objects: [ObjectName], at member: Layout.Member
    ) throws -> (reply: HoldObjects.Reply, refused: [ObjectName]) { throw gone }
    func survey(_ message: SurveyObjects, of member: Layout.Member) throws -> [UInt8] { throw gone }
    func examine(
        _ message: ExamineObjects, objects: [ObjectReference], at member: Layout.Member
    ) throws -> [ObjectReference] { throw gone }
    private var gone: HoldfastError { HoldfastError(.unavailable, "no peers") }
}

struct RealTime: TimeSource {
    /// How far the wall clock is ahead of the machine's.
    var ahead = Duration.zero

    var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).advanced(by: ahead) }
    var uptime: Duration { .seconds(ProcessInfo.processInfo.systemUptime) }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

struct RealEntropy: Entropy {
    func bytes(_ count: Int) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}

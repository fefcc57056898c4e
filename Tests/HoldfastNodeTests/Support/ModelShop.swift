import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import HoldfastWire
import Synchronization

@testable import HoldfastNode

/// A worker on models of everything that outlives its process: disk, tree, indexes and database server. It can be killed
/// at any call that leaves it.
final class ModelShop: Sendable {
    struct Dead: Error {}

    /// One process of the worker.
    final class Process: Sendable {
        private let state: Mutex<(calls: Int, last: Int, isDead: Bool)>

        /// - Parameter last: it dies with the call of that number, the first being 1.
        init(dyingAt last: Int = .max) { state = Mutex((0, last, false)) }

        var calls: Int { state.withLock { $0.calls } }
        var isDead: Bool { state.withLock { $0.isDead } }

        func checkAlive() throws { if isDead { throw Dead() } }

        /// One more call is made.
        func count() throws {
            try state.withLock { state in
                state.calls += 1
                if state.calls >= state.last { state.isDead = true }
                if state.isDead { throw Dead() }
            }
        }
    }

    enum DatabaseTrouble {
        /// Lets no swap begin.
        case refusesSwaps
        /// No COMMIT reaches it: it rolls back.
        case losesCommits
    }

    static let database = "shop"
    static let media = "/media"
    let volume = MemoryVolume()
    let files = ModelFileSystem()
    let indexes = MemoryIndexFiles()
    let server: ModelDatabaseServer
    let keys: ProjectKeys
    private let time = LeapingTime()
    private let entropy: SeededEntropy
    private let trees = Mutex<[String: ModelTreeDigest]>([:])

    /// - Parameter isAlone: the database's role may make no other, so its content is replaced in place.
    init(seed: UInt64 = 1, isAlone: Bool = false) throws {
        server = ModelDatabaseServer(time: time)
        entropy = SeededEntropy(seed: seed)
        keys = ProjectKeys(generatedFrom: entropy)
        try files.makeDirectory(Self.media + "/images")
        server.makeDatabase(Self.database, ModelTables(), isAlone: isAlone)
    }

    func content(_ stamp: String) -> ModelTables {
        ModelTables(tables: ["stamp": [stamp], "item": (0..<5).map { "\($0)\t\(stamp) item" }])
    }

    /// Gives database and tree the content of that stamp, durably.
    func set(_ stamp: String) throws {
        _ = server.write(to: Self.database) { $0 = content(stamp) }
        for (path, text) in [("images/a", "first \(stamp)"), ("b", stamp), ("only-\(stamp)", "")] {
            try files.write(Array(text.utf8), to: Self.media + "/" + path)
        }
        for other in ["old", "new"] where other != stamp { try? files.remove(Self.media + "/only-" + other) }
        files.sync()
        let tree = try tree()
        trees.withLock { $0[stamp] = tree }
    }

    // MARK: What there is

    func tree() throws -> ModelTreeDigest { try ModelTreeDigest(of: Self.media, in: files, withRoot: false) }

    /// The stamp of the tree, where all of it is of one.
    func mediaStamp() throws -> String? {
        let tree = try tree()
        return trees.withLock { $0.first { $0.value == tree }?.key }
    }

    /// The stamp of the database, where all of it is of one.
    func databaseStamp() -> String? {
        guard let found = server.content(of: Self.database), let stamp = found.stamp else { return nil }
        return found == content(stamp) ? stamp : nil
    }

    /// What jobs have made beside the live services and in the node's notes.
    func leftovers() throws -> [String] {
        let databases = server.databases.map(\.name).filter { $0 != Self.database }
        let marks = server.databases.flatMap(\.marks)
        let trees = try ModelTreeDigest(of: "/", in: files).lines.filter { $0.contains(StagingNames.mediaPrefix) }
        return databases + marks + trees + volume.files.filter { $0.hasPrefix("work/") }
    }

    // MARK: Processes

    /// - Parameter trouble: of the database server.
    func worker(
        _ process: Process = Process(), trouble: DatabaseTrouble? = nil,
        hooks: (any Disk) -> BackupHooks? = { _ in nil }
    ) async throws -> Worker {
        var resources = try await resources(process, trouble: trouble)
        resources.hooks = hooks(resources.disk)
        return Worker(resources)
    }

    func resources(
        _ process: Process = Process(), trouble: DatabaseTrouble? = nil
    ) async throws -> WorkerResources {
        let disk = MemoryDisk(volume: volume, alive: process.checkAlive) { _ in try process.count() }
        let driver = ModelDatabaseDriver(servers: ["db:5432": server], time: time, alive: process.checkAlive) { step in
            try process.count()
            guard step.phase == .asked else { return }
            switch (trouble, step.call) {
            case (.refusesSwaps, .exchange): throw HoldfastError(.busy, "others use the database")
            case (.losesCommits, .commit): throw HoldfastError(.unavailable, "the connection was lost")
            default: break
            }
        }
        let calls = files.process { (_, _) throws(CallFailure) in
            do { try process.count() } catch { throw CallFailure(EIO) }
        }
        let indexFiles = indexes.process { () throws(HoldfastError) in
            do { try process.count() } catch { throw HoldfastError(.inputOutput, "dead") }
        }
        let store = try await ObjectStore(
            node: Fixture.node, disk: disk, time: RealTime(), configuration: .init(reserveBytes: 0))
        return WorkerResources(
            store: store, peers: NoPeers(), disk: disk, indexFiles: indexFiles, databases: driver,
            databaseHosts: DatabaseHosts(["db"]), mediaRoots: MediaRoots(allowed: [Self.media], calls: calls),
            time: RealTime(), entropy: entropy)
    }

    /// The machine of the worker fails and comes back; the database server's own does not.
    func powerCut(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        volume.powerCut(using: &random)
        files.powerCut(using: &random)
    }

    // MARK: Orders

    func job() -> JobID { JobID(at: time.now, entropy: entropy) }
    func order(_ job: JobID) -> Order { Order(epoch: Epoch(1), job: job) }

    var targets: [ServiceTarget] {
        let address = DatabaseAddress(
            host: "db", port: 5432, database: Self.database, user: "app", sslMode: "disable")
        return [
            ServiceTarget(service: ServiceReference(.database), location: .database(address, password: nil)),
            ServiceTarget(service: ServiceReference(.media), location: .media(path: Self.media)),
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

    func capture(_ worker: Worker) async throws -> [BackupPart] { try await captureReply(worker).parts }

    func captureReply(_ worker: Worker) async throws -> CaptureServices.Reply {
        try await worker.capture(
            CaptureServices(
                order: order(job()), backup: BackupID(at: time.now, entropy: entropy), project: Fixture.project,
                environment: EnvironmentReference("shop/live"), notes: [:], keys: keys.serialized, services: targets,
                previous: [], terms: terms, holdUntil: RealTime().now.advanced(by: .seconds(3600))))
    }

    func stages(_ worker: Worker, _ parts: [BackupPart]) async throws -> [StageServices.Stage] {
        let checks = zip(targets, parts).map { target, part in
            CheckServices.Check(
                target: target,
                purpose: .restore(
                    job: job(), counts: part.counts, bytes: part.sizes.logicalBytes, fromAnotherProject: false))
        }
        let report = try await worker.check(CheckServices(services: checks))
        guard report.isGood else { throw HoldfastError(.checkFailed, "\(report.problems)") }
        return try zip(zip(checks, report.services), parts).map { checked, part in
            guard let identity = checked.1.identity, part.service == checked.1.service else {
                throw HoldfastError(.checkFailed, "no identity")
            }
            return StageServices.Stage(
                target: checked.0.target, identity: identity,
                content: .part(
                    service: part.service, manifest: part.manifest, references: part.references, counts: part.counts,
                    fromAnotherProject: false), isInPlace: checked.1.isInPlace)
        }
    }
}

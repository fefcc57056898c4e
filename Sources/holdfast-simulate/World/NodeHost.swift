import HoldfastArchive
import HoldfastModel
import HoldfastNode
import HoldfastPostgres
import HoldfastTestKit
import HoldfastWire

/// A machine with a node on it: the real `NodeProcess` on a simulated disk, file system and network.
final class NodeHost: @unchecked Sendable {
    let host: Host
    let node: NodeID
    let region: Name
    let address: NetworkAddress
    let volume = MemoryVolume(capacity: NodeHost.capacity)
    /// The file system that media trees lie on.
    let trees: ModelFileSystem
    let faults = NodeFaults()
    // Touched by the executor's one thread.
    private let shelf = IndexShelf()
    private let surroundings: NodeSurroundings
    private var entropy: Chance

    private static let capacity: Int64 = 1 << 26

    init(number: Int, region: Name, _ surroundings: NodeSurroundings, _ chance: inout Chance) throws {
        let name = "node-\(number)"
        guard let node = NodeID("00000000000\(number)") else { throw HoldfastError(.internal, "no identifier") }
        self.node = node
        self.region = region
        self.surroundings = surroundings
        address = NetworkAddress(host: name, port: 7650)
        entropy = chance.fork()
        faults.chance = chance.fork()
        let host = Host(name, surroundings.network, chance.fork())
        self.host = host
        trees = ModelFileSystem { FileTime(SimulatedTime(.outside, host.clock).now) }
        try trees.makeDirectory("/srv")
        trees.sync()
        // As of NFS or FUSE.
        if chance.isOne(in: 6) { trees.setOptions { $0.refusesExchange = true } }
        host.install { [volume, shelf, trees] chance in
            volume.powerCut(using: &chance)
            shelf.powerCut(using: &chance)
            trees.powerCut(using: &chance)
        } _: { [unowned self] life in
            try await run(life)
        }
    }

    private func run(_ life: Life) async throws {
        let time = SimulatedTime(life, host.clock)
        let disk = MemoryDisk(
            volume: volume, alive: { if !life.isAlive { throw Life.Ended() } },
            before: { [faults] in try await faults.before($0, life) })
        let calls = trees.process { [faults] call, name throws(CallFailure) in try faults.before(call, name, life) }
        _ = life.whenItEnds { calls.end() }
        let (variant, deceit) = (surroundings.variant, Deceit())
        let databases = surroundings.databases.driver(for: life)
        var parts = NodeProcess.Parts(
            node: node, configuration: try configuration(), softwareVersion: "simulated",
            disk: variant.map { LyingDisk(disk: disk, variant: $0) } ?? disk,
            indexFiles: SimulatedIndexFiles(shelf: shelf, life: life),
            databases: variant.map { deceit.databases(databases, $0) } ?? databases,
            fileCalls: variant.map { LyingFileCalls(calls: calls, variant: $0, deceit: deceit) } ?? calls,
            dialer: SimulatedDialer(network: surroundings.network, life: life, peer: .node(node)),
            ports: SimulatedPorts(network: surroundings.network, life: life, peer: .node(node)), time: time,
            entropy: SimulatedEntropy(entropy.fork()), logger: LogLines.logger(host.name))
        // Small, so that a backup of some files has several shards and segments.
        parts.archive.shardBytes = 4 << 10
        parts.archive.segmentBytes = 1 << 10
        parts.archive.compressors = 2
        try await NodeProcess(parts).run()
    }

    private func configuration() throws -> NodeConfiguration {
        NodeConfiguration(
            name: try Name(host.name), dataDirectory: "/var/lib/holdfast", mediaRoots: ["/srv"],
            databaseHosts: surroundings.databases.all.map(\.host.name), coordinators: surroundings.coordinators,
            listen: address, reserveBytes: 1 << 16)
    }

    /// The disk with the objects dies, and an empty one takes its place. What the node is, it still knows.
    func loseDisk() {
        host.die(.kill)
        volume.lose(below: ["objects", "holds", "condemned", "quarantine", "index", "scrub-state"])
        shelf.clear()
    }

    /// Everything of the machine works again.
    func heal() {
        faults.failsOneIn = nil
        faults.treeFailsOneIn = nil
        volume.setFree(Self.capacity)
    }
}

extension FileTime {
    fileprivate init(_ time: Timestamp) {
        let (seconds, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 1000)
        self.init(seconds: seconds, nanoseconds: UInt32(rest) * 1_000_000)
    }
}

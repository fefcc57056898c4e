import HoldfastArchive
import HoldfastCoordinator
import HoldfastModel
import HoldfastNode
import HoldfastPostgres
import HoldfastWire

/// A node from its settings: how it joins, and how it runs.
struct NodeServer: Sendable {
    private let settings: NodeSettings
    private let ownDirectories: [String]

    /// - Parameter ownDirectories: what else of this process is no media.
    init(settings: NodeSettings, ownDirectories: [String] = []) {
        self.settings = settings
        self.ownDirectories = ownDirectories
    }

    /// Works until the task is cancelled.
    func run() async throws {
        let joined = try NodeDirectory(path: settings.dataDirectory).loadMembership()
        let databases = PostgresServer(
            tools: PostgresTools(directories: settings.toolDirectories ?? []),
            temporaryDirectory: settings.dataDirectory + "/tools")
        let process = try await NodeProcess(Seams.node(parts(joined, databases)))
        // The store's lock is held, so no tool of this node can still be at work.
        try PrivateFile.makeDirectory(settings.dataDirectory + "/tools")
        databases.removeLeftovers()
        await process.run()
    }

    /// Shows the token to the cluster, and keeps the certificate and the settings.
    func join(token: Secret) async throws -> NodeDirectory {
        let directory = NodeDirectory(path: settings.dataDirectory)
        guard !directory.hasJoined else {
            throw HoldfastError(
                .alreadyExists, "\(directory.path.printable()) is the directory of a node that has joined already")
        }
        guard let coordinator = settings.coordinators.first else {
            throw HoldfastError(.invalidArgument, "The setting “coordinators” is empty: name the cluster's coordinator")
        }
        let address = settings.advertise ?? settings.listen
        if let address, Wildcard.matches(host: address.host) { throw Wildcard.refusal(of: address.description) }
        // The token serves once: what could fail without it is done before.
        try PrivateFile.makeDirectory(directory.path)
        try settings.save(directory.settings)
        let joined = try await NodeJoin.perform(
            NodeJoin.Request(
                host: coordinator.host, port: coordinator.port, token: try JoinToken(token), nodeName: settings.name,
                region: settings.region, address: address?.description,
                weight: settings.weight ?? 1),
            time: SystemTime())
        try directory.save(joined)
        return directory
    }

    private func parts(_ joined: NodeJoin.JoinedNode, _ databases: PostgresServer) throws -> NodeProcess.Parts {
        let configuration = configuration
        var parts = NodeProcess.Parts(
            node: joined.node, configuration: configuration, softwareVersion: Version.text,
            disk: try PosixDisk(root: configuration.dataDirectory),
            indexFiles: PosixIndexFiles(directory: configuration.dataDirectory + "/index"),
            databases: databases, fileCalls: LinuxFileCalls(),
            dialer: TLSDialer(identity: joined.identity, trust: joined.trust),
            ports: TLSPortOpener(identity: joined.identity, trust: joined.trust), time: SystemTime(),
            entropy: SystemEntropy(), logger: Serving.logger("node"))
        parts.bandwidth = try settings.bandwidth?.timetable()
        parts.scrubPeriod = try settings.scrubPeriod()
        parts.hooks = try HookSettings.hooks(settings.hooks ?? [])
        return parts
    }

    private var configuration: NodeConfiguration {
        NodeConfiguration(
            name: settings.name, dataDirectory: settings.dataDirectory, ownDirectories: ownDirectories,
            mediaRoots: settings.mediaRoots ?? [], databaseHosts: settings.databaseHosts ?? ["localhost"],
            toolDirectories: settings.toolDirectories ?? [], coordinators: settings.coordinators,
            listen: settings.listen, advertised: settings.advertise, reserveBytes: settings.reserve?.bytes,
            region: settings.region, weight: settings.weight ?? 1)
    }
}

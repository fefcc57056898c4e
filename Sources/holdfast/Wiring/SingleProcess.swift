import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastNode

/// A whole cluster in one process: the same coordinator and node as apart, over the same wire.
struct SingleProcess: Sendable {
    private let directory: ClusterDirectory
    private let nodeDirectory: NodeDirectory
    private let listen: NetworkAddress?
    private let console: NetworkAddress?
    private let http: HTTPChoice?
    private let reach: ReachOptions

    init(
        directory: String, listen: NetworkAddress?, console: NetworkAddress?, http: HTTPChoice?, reach: ReachOptions
    ) {
        self.directory = ClusterDirectory(path: AbsolutePath.of(directory))
        self.nodeDirectory = NodeDirectory(path: self.directory.path + "/node")
        self.listen = listen
        self.console = console
        self.http = http
        self.reach = reach
    }

    func run() async throws {
        let isFirst = !directory.exists
        if isFirst { try create() } else { try refuseChanges() }
        let coordinator = CoordinatorProcess(settings: try CoordinatorSettings.load(directory.settings))
        let administrator = PrivateFile.exists(directory.client) ? nil : try await coordinator.makeAdministrator()
        try await Serving.untilStopped {
            try await coordinator.run { leader, addresses in
                try await joinIfNeeded(leader, addresses.listen)
                announce(addresses, isFirst: isFirst, administrator)
            } beside: {
                try await NodeServer(
                    settings: try NodeSettings.load(nodeDirectory.settings), ownDirectories: [directory.path]
                ).run()
            }
        }
    }

    private func create() throws {
        var settings = CoordinatorSettings(
            dataDirectory: directory.path, listen: listen ?? NetworkAddress(host: "127.0.0.1", port: 7640),
            console: console ?? NetworkAddress(host: "127.0.0.1", port: 7641))
        settings.http = (http ?? .usual).settings
        for address in [settings.listen, settings.console] + (settings.http.map { [$0.listen] } ?? []) {
            try PortProbe.check(address)
        }
        try directory.create(settings, hosts: [settings.listen.host, settings.console.host], now: SystemTime().now)
    }

    /// Settings live in their files after the first start; silently ignoring an argument would mislead.
    private func refuseChanges() throws {
        let settings = try CoordinatorSettings.load(directory.settings)
        guard listen ?? settings.listen == settings.listen, console ?? settings.console == settings.console,
            http.map({ $0.settings?.listen == settings.http?.listen }) ?? true
        else {
            throw HoldfastError(
                .invalidArgument, "This cluster has its ports in \(directory.settings): change them there")
        }
        guard !reach.isEmpty, PrivateFile.exists(nodeDirectory.settings) else { return }
        let current = try NodeSettings.load(nodeDirectory.settings)
        var asked = current
        reach.apply(to: &asked)
        guard asked == current else {
            throw HoldfastError(
                .invalidArgument,
                "What this cluster's worker may touch is said in \(nodeDirectory.settings): change it there")
        }
    }

    /// The node of a new cluster joins as any other does: with a token, over the wire.
    private func joinIfNeeded(_ leader: Coordinator, _ address: NetworkAddress) async throws {
        guard !nodeDirectory.hasJoined else { return }
        var settings = NodeSettings(
            name: try Name("local"), region: try Name("local"), dataDirectory: nodeDirectory.path,
            coordinators: [address], listen: nil)
        reach.apply(to: &settings)
        let token = try await leader.admission.makeToken(valid: .seconds(60), author: "holdfast up")
        _ = try await NodeServer(settings: settings).join(token: token.token)
    }

    private func announce(
        _ addresses: CoordinatorProcess.Addresses, isFirst: Bool, _ administrator: FirstAdministrator?
    ) {
        Serving.say(
            """
            Holdfast is up. Console: \(addresses.console). \(addresses.http.map { "Web console: \($0). " } ?? "")\
            Data: \(directory.path). Stop it with Ctrl-C.
            """)
        if let administrator { Serving.say(administrator.announcement) }
        guard isFirst else { return }
        Serving.say(
            """
            This is a new cluster. Keep copies of \(directory.clusterKey) and of the catalog elsewhere: no backup can be
            read without them.
            In another terminal:
              export HOLDFAST_CLIENT=\(directory.client)
              holdfast project create shop
              holdfast --help
            """)
    }
}

extension FirstAdministrator {
    /// Said once: the password is nowhere kept.
    var announcement: String {
        "The administrator is \(name), with the password \(password.revealed). It is shown only now."
    }
}

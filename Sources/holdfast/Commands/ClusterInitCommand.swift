import ArgumentParser
import HoldfastModel
import HoldfastNode

struct ClusterInitCommand: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new cluster: its authority, keys and first administrator.",
        discussion: """
            Writes certificates, the cluster key, coordinator.yaml and client.json into the data directory.

            With --recovery the authority and the key are those of a cluster whose coordinator was lost; its nodes find the \
            new one at the old address.

            Example: holdfast cluster init --data ./coordinator --listen 10.0.0.1:7640
            """)

    @Option(help: ArgumentHelp("Where the coordinator keeps everything.", valueName: "directory"))
    var data = "./holdfast-data"

    @Option(help: ArgumentHelp("Where nodes will connect.", valueName: "host:port"))
    var listen = NetworkAddress(host: "0.0.0.0", port: 7640)

    @Option(help: ArgumentHelp("Where people and programs will connect.", valueName: "host:port"))
    var console = NetworkAddress(host: "127.0.0.1", port: 7641)

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp("A name or address by which people reach the console; may be repeated.", valueName: "host"))
    var hosts: [String] = []

    @Option(
        help: ArgumentHelp(
            "Make a lost cluster again, from what `holdfast cluster recovery-file` printed.", valueName: "file"))
    var recovery: String?

    func perform() async throws {
        let directory = ClusterDirectory(path: AbsolutePath.of(data))
        let settings = CoordinatorSettings(
            dataDirectory: directory.path, listen: listen, console: console)
        let file = try recovery.map { try RecoveryFile(text: Secret(PrivateFile.readSecret($0))) }
        try directory.create(
            settings, hosts: hosts + [listen.host, console.host], recovery: file, now: SystemTime().now)
        let administrator = try await CoordinatorProcess(settings: settings).makeAdministrator()
        print(
            """
            \(file == nil ? "Made a new cluster in" : "Made the cluster again, with an empty catalog, in") \(directory.path).

              cluster key       \(directory.clusterKey)
                                Keep what `holdfast cluster recovery-file` prints elsewhere: without the key no \
            backup can be read.
              administrator     \(administrator.name), with the password \(administrator.password.revealed)
                                It is shown only now, and asked for by the web console.
              client            \(directory.client)
                                Whoever has this file may do everything; copy it to ~/.config/holdfast/client.json
                                where you work.

            Next:
              holdfast coordinator --config \(directory.settings)
              holdfast \(file == nil ? "node token" : "catalog rebuild") --client \(directory.client)
            """)
    }
}

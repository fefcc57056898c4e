import ArgumentParser
import HoldfastModel
import HoldfastNode

struct UpCommand: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run a cluster of one process: coordinator, storage node, console and downloads.",
        discussion: """
            The first start makes the cluster in the data directory. What is said then about media, database servers and \
            ports is written to coordinator.yaml and node.yaml there, and later starts read it.

            Example: holdfast up --data ./holdfast-data --media-root /srv/media --database-host localhost
            """)

    @Option(help: ArgumentHelp("Where the cluster keeps everything.", valueName: "directory"))
    var data = "./holdfast-data"

    @Option(help: ArgumentHelp("First start: where nodes would connect.", valueName: "host:port"))
    var listen: NetworkAddress?

    @Option(help: ArgumentHelp("First start: where people and programs connect.", valueName: "host:port"))
    var console: NetworkAddress?

    @Option(
        help: ArgumentHelp(
            "First start: where the web console and the API are served, or off. Default: 127.0.0.1:8480.",
            valueName: "host:port"),
        transform: HTTPChoice.read)
    var http: HTTPChoice?

    @OptionGroup(title: "First start: what the worker may touch")
    var reach: ReachOptions

    func perform() async throws {
        try await SingleProcess(directory: data, listen: listen, console: console, http: http, reach: reach).run()
    }
}

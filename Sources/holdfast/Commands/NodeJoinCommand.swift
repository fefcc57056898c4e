import ArgumentParser
import HoldfastModel
import HoldfastNode
import HoldfastWire

struct NodeJoinCommand: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Make this machine a node of a cluster.",
        discussion: """
            Shows the cluster a single-use token of `holdfast node token`, keeps the certificate it gives, and writes \
            node.yaml into the data directory.

            Example: holdfast node join --token-file token.txt --coordinator 10.0.0.1:7640 --data ./node --name n1 \
            --region eu-west --advertise 10.0.0.2:7642
            """)

    @Option(
        help: ArgumentHelp("The token; others on this machine may see it, --token-file hides it.", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("A file that holds the token.", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Where the coordinator listens.", valueName: "host:port"))
    var coordinator: NetworkAddress

    @Option(help: ArgumentHelp("Where the node keeps everything.", valueName: "directory"))
    var data: String

    @Option(help: ArgumentHelp("The node's name.", valueName: "name"))
    var name: Name

    @Option(help: ArgumentHelp("The region it is in.", valueName: "region"))
    var region: Name

    @Option(help: ArgumentHelp("Where other nodes will connect.", valueName: "host:port"))
    var listen = NetworkAddress(host: "0.0.0.0", port: 7642)

    @Option(help: ArgumentHelp("How other nodes reach it; needed unless --listen says so.", valueName: "host:port"))
    var advertise: NetworkAddress?

    @Option(help: ArgumentHelp("Its share of the data relative to other nodes.", valueName: "number"))
    var weight = 1.0

    @OptionGroup(title: "What the worker may touch")
    var reach: ReachOptions

    func validate() throws {
        guard (token == nil) != (tokenFile == nil) else {
            throw ValidationError("Give the token by --token or --token-file.")
        }
        guard weight > 0, weight.isFinite else { throw ValidationError("A weight is a number above zero.") }
    }

    func perform() async throws {
        let text = try token ?? PrivateFile.read(tokenFile ?? "")
        var settings = NodeSettings(
            name: name, region: region, dataDirectory: AbsolutePath.of(data), coordinators: [coordinator],
            listen: listen, advertise: advertise, weight: weight)
        reach.apply(to: &settings)
        let directory = try await NodeServer(settings: settings).join(token: Secret(text))
        print(
            """
            Node \(name) has joined the cluster. Its settings are in \(directory.settings): say there what its worker may \
            touch.

            Next:
              holdfast node --config \(directory.settings)
            """)
    }
}

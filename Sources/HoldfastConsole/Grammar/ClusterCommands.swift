import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct ClusterNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "The cluster as a whole.", subcommands: ClientCommands.cluster)
}

struct ClusterStatusCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show nodes, jobs and what needs a person's attention.",
        discussion: "Example: holdfast cluster status --watch")

    @Flag(help: "Show it anew every two seconds, until Ctrl-C.")
    var watch = false

    @OptionGroup(title: "Client options") var client: ClientOptions

    var outputOptions: OutputOptions {
        var values = client.values
        values.every = watch ? .seconds(2) : nil
        return values
    }

    func command(reading input: LocalInput) -> Command { .clusterStatus }
}

struct NodeNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "The storage nodes.", subcommands: ClientCommands.node)
}

struct NodeListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the nodes: region, state, space, what they hold.",
        discussion: "Example: holdfast node list")

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .nodeList }
}

struct NodeTokenCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a single-use token by which a new node joins.",
        discussion: "Example: holdfast node token --valid 2h")

    @Option(
        help: ArgumentHelp("How long the token may be used: 30m, 24h, 7d. Default: 24h.", valueName: "time"),
        transform: Reading.seconds)
    var valid: Int?

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .nodeToken(valid.map { NodeToken(validSeconds: $0) } ?? NodeToken())
    }

    func validate() throws {
        guard valid != 0 else { throw ValidationError("A token has to be valid for a while: --valid 24h.") }
    }
}

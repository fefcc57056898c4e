import ArgumentParser
import HoldfastCommands
import HoldfastModel

private let nodeHelp = ArgumentHelp("The node's name.", valueName: "node")

struct NodeWeightCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "weight", abstract: "Give a node a larger or smaller share of what is stored.",
        discussion: """
            Shares follow the weights; usual is the disk's GiB. What has to move is moved by repair. \
            Example: holdfast node weight berlin-1 4000
            """)

    @Argument(help: nodeHelp, transform: Reading.name) var node: Name
    @Argument(help: "A number greater than 0.") var weight: Double
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .nodeChange(NodeChange(node: node, weight: weight)) }
}

struct NodeMaintenanceCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance", abstract: "Say that a node will be away for a while.",
        discussion: """
            It is given nothing meanwhile, and what it holds is not copied elsewhere. \
            Example: holdfast node maintenance berlin-1 --for 2h
            """)

    @Argument(help: nodeHelp, transform: Reading.name) var node: Name
    @Option(
        name: .customLong("for"), help: ArgumentHelp("How long: 30m, 2h, 1d.", valueName: "time"),
        transform: Reading.seconds)
    var duration: Int?
    @Flag(help: "It is back.") var end = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard (duration != nil) != end else { throw ValidationError("Say how long, --for 2h, or --end.") }
    }

    func command(reading input: LocalInput) -> Command {
        .nodeChange(NodeChange(node: node, maintenance: duration.map { .begin(seconds: $0) } ?? .end))
    }
}

struct NodeDrainCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Move everything from a node to others, so that it can be removed.",
        discussion: """
            Backups and restores go on meanwhile. `holdfast node list` shows how much is left; when nothing is, \
            `holdfast node remove` ends its membership. Example: holdfast node drain berlin-1
            """)

    @Argument(help: nodeHelp, transform: Reading.name) var node: Name
    @Flag(help: "It stays after all.") var stop = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .nodeChange(NodeChange(node: node, isLeaving: !stop)) }
}

struct NodeRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "End a node's membership.",
        discussion: """
            It has to be drained before; one that will not come back is removed with --lost, and what it held is copied from \
            other nodes. Asks for the node's name to be typed. Example: holdfast node remove berlin-1
            """)

    @Argument(help: nodeHelp, transform: Reading.name) var node: Name
    @Flag(help: "It will not come back, and what it holds is given up.") var lost = false
    @Flag(help: "Do not ask.") var yes = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command { .nodeRemove(NodeRemove(node: node, isLost: lost)) }
}

struct NodeScrubCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub", abstract: "Have a node read everything back from its disk, now.",
        discussion: """
            Every node does so by itself within 30 days. What is damaged is set aside, and copied from other nodes. \
            Example: holdfast node scrub berlin-1
            """)

    @Argument(help: nodeHelp, transform: Reading.name) var node: Name
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .nodeScrub(node) }
}

struct RepairNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Bring every copy to where it should be.",
        subcommands: [RepairRunCommand.self])
}

struct RepairRunCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Make the copies that are missing, delete those that are superfluous.",
        discussion: """
            This happens by itself when nodes come or go, when a scrub finds damage, and once a day. \
            Example: holdfast repair run shop
            """)

    @Argument(
        help: ArgumentHelp("The project. Default: all projects.", valueName: "project"), transform: Reading.name)
    var project: Name?

    @Flag(name: .customLong("no-wait"), help: "Return as soon as the work is accepted.") var noWait = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .repairRun(RepairRun(project: project, wait: !noWait)) }
}

import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct PolicyNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "How many copies there are, and where.",
        subcommands: [PolicyListCommand.self, PolicySetCommand.self, PolicyRemoveCommand.self])
}

struct PolicyListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the policies, and the projects that go by them.",
        discussion: "Example: holdfast policy list")

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .policyList }
}

struct PolicySetCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Make a policy, or change it for all projects that go by it.",
        discussion: """
            New projects that say nothing else go by the policy called default. What has to move when a policy changes is \
            moved by repair. Example: holdfast policy set default --copies 3 --regions 2 --degraded 2
            """)

    @Argument(help: ArgumentHelp("The policy's name.", valueName: "policy"), transform: Reading.name) var name: Name

    @Option(help: "How many nodes hold each object.") var copies: Int

    @Option(help: "Over how many regions the copies are spread at least.") var regions: Int = 1

    @Option(
        help: ArgumentHelp("A region where data may lie (repeat for more). Default: all.", valueName: "region"),
        transform: Reading.name)
    var allowedRegion: [Name] = []

    @Option(help: ArgumentHelp("Where one copy always lies.", valueName: "region"), transform: Reading.name)
    var home: Name?

    @Option(
        help: ArgumentHelp(
            "With how many copies a backup counts as complete while nodes are away; repair makes the others. Default: with "
                + "all.", valueName: "copies"))
    var degraded: Int?

    @Option(
        help: ArgumentHelp(
            "For how many days nodes refuse to give a backup up, whoever asks. Default: none.", valueName: "days"))
    var lock: Int?

    @OptionGroup(title: "Client options") var client: ClientOptions

    private var policy: PlacementPolicy {
        PlacementPolicy(
            name: name, copies: copies, regions: regions, allowedRegions: allowedRegion.isEmpty ? nil : allowedRegion,
            home: home, degradedCopies: degraded, lockDays: lock)
    }

    func validate() throws {
        do { try policy.validate() } catch { throw ValidationError("\(error.message).") }
    }

    func command(reading input: LocalInput) -> Command { .policySet(policy) }
}

struct PolicyRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a policy that no project goes by.",
        discussion: "Example: holdfast policy remove eu-only")

    @Argument(help: ArgumentHelp("The policy's name.", valueName: "policy"), transform: Reading.name) var name: Name
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .policyRemove(name) }
}

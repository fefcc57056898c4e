import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct ProjectNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "Web projects, their copies and regions.",
        subcommands: [
            ProjectCreateCommand.self, ProjectListCommand.self, ProjectShowCommand.self, ProjectPolicyCommand.self,
            ProjectRemoveCommand.self, ProjectEraseCommand.self, ProjectRotateKeyCommand.self,
        ])
}

struct ProjectCreateCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a project, with a key of its own.",
        discussion: "Example: holdfast project create shop --copies 2 --allowed-region eu --allowed-region uk")

    @Argument(help: ArgumentHelp("The project's name.", valueName: "project"), transform: Reading.name)
    var name: Name

    @Option(
        help: ArgumentHelp(
            "The placement policy. Default: the one called default, where it was set.", valueName: "policy"),
        transform: Reading.name)
    var policy: Name?

    @Option(help: "How many nodes hold each object, in place of a policy. Default: 1.")
    var copies: Int?

    @Option(help: "Over how many regions the copies are spread at least. Default: 1.")
    var regions: Int?

    @Option(
        help: ArgumentHelp("A region where data may lie (repeat for more). Default: all.", valueName: "region"),
        transform: Reading.name)
    var allowedRegion: [Name] = []

    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard policy == nil || copies == nil && regions == nil && allowedRegion.isEmpty else {
            throw ValidationError("Say --policy, or --copies, --regions and --allowed-region.")
        }
        let (copies, regions) = (copies ?? 1, regions ?? 1)
        guard (1...9).contains(copies) else { throw ValidationError("--copies is a number from 1 to 9.") }
        guard (1...copies).contains(regions) else {
            throw ValidationError("--regions is a number from 1 to that of the copies, \(copies).")
        }
        guard allowedRegion.isEmpty || Set(allowedRegion).count >= regions else {
            throw ValidationError("--regions \(regions) needs as many times --allowed-region, or none.")
        }
    }

    func command(reading input: LocalInput) -> Command {
        .projectCreate(
            ProjectCreate(
                name: name, copies: copies, regions: regions,
                allowedRegions: allowedRegion.isEmpty ? nil : allowedRegion, policy: policy))
    }
}

struct ProjectListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the projects.", discussion: "Example: holdfast project list")

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .projectList }
}

struct ProjectShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a project with its environments and services.",
        discussion: "Example: holdfast project show shop")

    @Argument(help: ArgumentHelp("The project's name.", valueName: "project"), transform: Reading.name)
    var name: Name

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .projectShow(name) }
}

struct ProjectPolicyCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Give a project another placement policy.",
        discussion: "What lies elsewhere is moved by repair. Example: holdfast project policy shop eu-only")

    @Argument(help: ArgumentHelp("The project's name.", valueName: "project"), transform: Reading.name)
    var name: Name

    @Argument(help: ArgumentHelp("The policy's name.", valueName: "policy"), transform: Reading.name)
    var policy: Name

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .projectPolicy(ProjectPolicy(project: name, policy: policy))
    }
}

struct ProjectEraseCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase a project with all its backups, so that nobody can read them.",
        discussion: """
            Its environments have to be removed first. Its keys are destroyed, and nodes delete what they have of it; one that \
            is away does so when it is back (`holdfast cluster status` tells which). Backups that are locked keep it from \
            being erased. Copies of the catalog and recovery files made before are outside of this: destroy them, or rotate \
            the cluster key. Asks for the project's name to be typed.

            Example: holdfast project erase shop
            """)

    @Argument(help: ArgumentHelp("The project's name.", valueName: "project"), transform: Reading.name)
    var name: Name

    @Flag(help: "Do not ask.") var yes = false

    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command { .projectErase(name) }
}

struct ProjectRotateKeyCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key", abstract: "Seal what a project stores from now on with a new key.",
        discussion: """
            What was stored before stays readable, and is sealed with the new key as it is rewritten. \
            Example: holdfast project rotate-key shop
            """)

    @Argument(help: ArgumentHelp("The project's name.", valueName: "project"), transform: Reading.name)
    var name: Name

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .projectRotateKey(name) }
}

struct ProjectRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a project.",
        discussion: "Asks for the project's name to be typed. Example: holdfast project remove shop")

    @Argument(help: ArgumentHelp("The project's name.", valueName: "project"), transform: Reading.name)
    var name: Name

    @Flag(help: "Do not ask.") var yes = false

    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command { .projectRemove(name) }
}

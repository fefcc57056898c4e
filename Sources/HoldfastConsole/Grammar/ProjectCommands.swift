import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct ProjectNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "Web projects, their copies and regions.",
        subcommands: [
            ProjectCreateCommand.self, ProjectListCommand.self, ProjectShowCommand.self, ProjectRemoveCommand.self,
        ])
}

struct ProjectCreateCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a project, with a key of its own.",
        discussion: "Example: holdfast project create shop --copies 2 --allowed-region eu --allowed-region uk")

    @Argument(help: ArgumentHelp("The project's name.", valueName: "project"), transform: Reading.name)
    var name: Name

    @Option(help: "How many nodes hold each object.")
    var copies: Int = 1

    @Option(help: "Over how many regions the copies are spread at least.")
    var regions: Int = 1

    @Option(
        help: ArgumentHelp("A region where data may lie (repeat for more). Default: all.", valueName: "region"),
        transform: Reading.name)
    var allowedRegion: [Name] = []

    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
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
                allowedRegions: allowedRegion.isEmpty ? nil : allowedRegion))
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

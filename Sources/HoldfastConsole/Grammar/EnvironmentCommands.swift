import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct EnvironmentNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Environments of projects, such as shop/live and shop/test.",
        subcommands: [
            EnvironmentCreateCommand.self, EnvironmentListCommand.self, EnvironmentShowCommand.self,
            EnvironmentChangeCommand.self, EnvironmentRemoveCommand.self, EnvironmentCheckCommand.self,
        ])
}

/// The words every command on one environment has.
private let environmentHelp = ArgumentHelp("The environment, as PROJECT/ENVIRONMENT.", valueName: "environment")

/// The settings of an environment, alike in `create` and `change`.
struct EnvironmentSettings: ParsableArguments {
    @Option(
        help: ArgumentHelp("The node whose worker reaches the services.", valueName: "name"), transform: Reading.name)
    var node: Name?

    @Option(
        help: ArgumentHelp("The region whose nodes reach the services, in place of one node.", valueName: "name"),
        transform: Reading.name)
    var region: Name?

    @Option(
        help: ArgumentHelp(
            "How long a restore keeps the old content for an exact undo: 24h, 7d. 0s keeps none.", valueName: "time"),
        transform: Reading.seconds)
    var undoWindow: Int?

    func validate() throws {
        guard node == nil || region == nil else { throw ValidationError("Name a node or a region, not both.") }
    }
}

struct EnvironmentCreateCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an environment.",
        discussion: """
            Then tell where its services are. It is backed up daily unless told otherwise. \
            Example: holdfast environment create shop/live --undo-window 48h
            """)

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup var settings: EnvironmentSettings

    @Option(
        help: ArgumentHelp(
            "When it is backed up by itself: hourly, daily, weekly or none. `schedule set` says it more exactly.",
            valueName: "preset"),
        transform: { $0 == "none" ? nil : try Reading.preset($0) })
    var schedule: SchedulePreset? = .daily

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .environmentCreate(
            EnvironmentCreate(
                environment: environment, node: settings.node, region: settings.region,
                undoWindowSeconds: settings.undoWindow,
                schedule: schedule))
    }
}

struct EnvironmentListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List environments with their services.",
        discussion: "Example: holdfast environment list shop")

    @Argument(help: ArgumentHelp("Only this project's.", valueName: "project"), transform: Reading.name)
    var project: Name?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .environmentList(project: project) }
}

struct EnvironmentShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an environment: services, settings, last backup.",
        discussion: "Example: holdfast environment show shop/live")

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .environmentShow(environment) }
}

struct EnvironmentChangeCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Change an environment's settings.",
        discussion: "Example: holdfast environment change shop/live --node node-2 --undo-window 3d")

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup var settings: EnvironmentSettings
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard settings.node != nil || settings.region != nil || settings.undoWindow != nil else {
            throw ValidationError("Say what is to change: --node, --region or --undo-window.")
        }
    }

    func command(reading input: LocalInput) -> Command {
        .environmentChange(
            EnvironmentChange(
                environment: environment, node: settings.node, region: settings.region,
                undoWindowSeconds: settings.undoWindow))
    }
}

struct EnvironmentRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an environment. Its backups stay.",
        discussion: "Asks for the environment to be typed. Example: holdfast environment remove shop/test")

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @Flag(help: "Do not ask.") var yes = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command { .environmentRemove(environment) }
}

struct EnvironmentCheckCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look whether the services can be backed up and restored.",
        discussion: """
            Logs in, looks at versions, rights and space, and changes nothing. Exits with the status of the first \
            error found. Example: holdfast environment check shop/live
            """)

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .environmentCheck(environment) }
}

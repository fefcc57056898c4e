import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct CollectNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect", abstract: "Give back the space of what no backup needs any more.",
        subcommands: [CollectRunCommand.self])
}

struct CollectRunCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Delete what no backup needs, on every node.",
        discussion: """
            This happens by itself once a day, and more often while a node's space is short. Backups and restores go on \
            meanwhile; the deletion waits for the backups that are being made. Example: holdfast collect run shop
            """)

    @Argument(
        help: ArgumentHelp("The project. Default: all projects.", valueName: "project"), transform: Reading.name)
    var project: Name?

    @Flag(name: .customLong("no-wait"), help: "Return as soon as the work is accepted.") var noWait = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .collectRun(CollectRun(project: project, wait: !noWait)) }
}

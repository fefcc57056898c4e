import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct RestoreNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put backups back, and undo that.",
        subcommands: [
            RestorePlanCommand.self, RestoreStartCommand.self, RestoreFileCommand.self, RestoreShowCommand.self,
            RestoreListCommand.self,
            RestoreUndoCommand.self, RestoreCancelCommand.self, RestoreResumeCommand.self,
        ])
}

private let restoreHelp = ArgumentHelp("The identifier of the restore's job.", valueName: "restore")

/// What is restored where; alike in `plan` and `start`.
struct RestoreOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The backup's identifier.", valueName: "backup"), transform: Reading.backup)
    var backup: BackupID

    @Option(
        help: ArgumentHelp("The destination, as PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var to: EnvironmentReference

    @OptionGroup var selection: SelectionOptions

    @Option(
        help: ArgumentHelp(
            "Restore a part to a service of another name: media:a=media:b (repeat for more).",
            valueName: "service=service"),
        transform: Reading.mapping)
    var map: [RestorePlan.Mapping] = []

    @Flag(help: "Take no safety backup first. For when the old content can't be backed up; it is audited.")
    var withoutSafety = false

    func validate() throws {
        guard Set(map.map(\.from)).count == map.count, Set(map.map(\.to)).count == map.count else {
            throw ValidationError("Each service may stand once on each side of --map.")
        }
    }

    func request(wait: Bool) -> RestoreRequest {
        RestoreRequest(
            backup: backup, destination: to, services: selection.selectors, mappings: map,
            withoutSafety: withoutSafety, wait: wait)
    }
}

struct RestorePlanCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a restore would do, and whether it can.",
        discussion: "Changes nothing. Example: holdfast restore plan 1t6x0fk4w2qz --to shop/test")

    @OptionGroup var restore: RestoreOptions
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .restorePlan(restore.request(wait: true)) }
}

struct RestoreStartCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Restore a backup, or parts of it, into an environment.",
        discussion: """
            Shows the plan and asks for the destination to be typed. First takes a safety backup of what will be \
            overwritten; then old content is kept for an undo. \
            Example: holdfast restore start 1t6x0fk4w2qz --to shop/test --database
            """)

    @OptionGroup var restore: RestoreOptions
    @Flag(name: .customLong("no-wait"), help: "Return as soon as the restore is accepted.") var noWait = false
    @Flag(help: "Do not ask.") var yes = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command { .restoreStart(restore.request(wait: !noWait)) }
}

struct RestoreShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a restore and its steps.",
        discussion: "Example: holdfast restore show 1t6x0kk4w2qz")

    @Argument(help: restoreHelp, transform: Reading.job) var job: JobID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .restoreShow(job) }
}

struct RestoreListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List restores, the newest first.",
        discussion: "Example: holdfast restore list shop/test")

    @Argument(
        help: ArgumentHelp("Only into this PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var environment: EnvironmentReference?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .restoreList(environment) }
}

struct RestoreUndoCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Bring back what a restore replaced.",
        discussion: """
            Inside the undo window the old content itself comes back; later, the safety backup is restored. \
            Example: holdfast restore undo 1t6x0kk4w2qz
            """)

    @Argument(help: restoreHelp, transform: Reading.job) var job: JobID
    @Flag(help: "Take no safety backup first. For when what is there now can't be backed up; it is audited.")
    var withoutSafety = false
    @Flag(name: .customLong("no-wait"), help: "Return as soon as the undo is accepted.") var noWait = false
    @Flag(help: "Do not ask.") var yes = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command {
        .restoreUndo(UndoRequest(restore: job, withoutSafety: withoutSafety, wait: !noWait))
    }
}

struct RestoreCancelCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Call a restore off, as long as nothing was swapped.",
        discussion: "Example: holdfast restore cancel 1t6x0kk4w2qz")

    @Argument(help: restoreHelp, transform: Reading.job) var job: JobID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .restoreCancel(job) }
}

struct RestoreResumeCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a restore go on after what needed attention was mended.",
        discussion: "Example: holdfast restore resume 1t6x0kk4w2qz")

    @Argument(help: restoreHelp, transform: Reading.job) var job: JobID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .restoreResume(job) }
}

struct RestoreFileCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "file", abstract: "Put one file or directory of a backup into an environment's media.",
        discussion: """
            It is made beside its place and moved there in one step, once all of it is there. What is in its place stays, \
            unless --replace is given: then it is kept beside, under its name and .replaced-JOB. \
            Example: holdfast restore file 1t6x0fk4w2qz products/1.jpg --to shop/live
            """)

    @Argument(
        help: ArgumentHelp("The backup's identifier.", valueName: "backup"), transform: Reading.backup)
    var backup: BackupID

    @Argument(
        help: ArgumentHelp(
            "The file or directory, from the media's root. A backslash is written \\\\.", valueName: "path"))
    var path: String

    @Option(
        help: ArgumentHelp("The environment it goes to, as PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var to: EnvironmentReference

    @Option(
        help: ArgumentHelp("Of which media in the backup, if there are several.", valueName: "service"),
        transform: Reading.service)
    var of: ServiceReference?

    @Option(
        help: ArgumentHelp("Into which media, if there are several.", valueName: "service"), transform: Reading.service)
    var into: ServiceReference?

    @Option(
        help: ArgumentHelp(
            "Where it goes, from the media's root. Default: where it was, with the directories it was in.",
            valueName: "path"))
    var at: String?

    @Flag(help: "What is there makes way, and is kept beside.") var replace = false
    @Flag(name: .customLong("no-wait"), help: "Return as soon as the restore is accepted.") var noWait = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .restoreFile(
            FileRestoreRequest(
                backup: backup, path: path, source: of, destination: to, service: into, place: at, replaces: replace,
                wait: !noWait))
    }
}

import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct BackupNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up environments, and look after backups.",
        subcommands: [
            BackupCreateCommand.self, BackupListCommand.self, BackupShowCommand.self, BackupTablesCommand.self,
            BackupFilesCommand.self, BackupFindCommand.self, BackupDiffCommand.self, BackupGetCommand.self,
            BackupCancelCommand.self, BackupVerifyCommand.self, BackupDeleteCommand.self,
            BackupUndeleteCommand.self, BackupPinCommand.self,
            BackupUnpinCommand.self, BackupExpireCommand.self, BackupNoteCommand.self,
        ])
}

private let backupHelp = ArgumentHelp("The backup's identifier.", valueName: "backup")

struct BackupCreateCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Back up an environment now.",
        discussion: """
            Follows the backup to its end; interrupting that only stops the following. \
            Example: holdfast backup create shop/live --media --note "before the sale"
            """)

    @Argument(
        help: ArgumentHelp("The environment, as PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var environment: EnvironmentReference

    @OptionGroup var selection: SelectionOptions

    @Option(help: ArgumentHelp("Why the backup is made.", valueName: "text"), transform: Reading.note)
    var note: String?

    @Flag(help: "Read every file, also those that seem unchanged since the last backup.") var fullRead = false
    @Flag(name: .customLong("no-wait"), help: "Return as soon as the backup is accepted.") var noWait = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .backupCreate(
            BackupCreate(
                environment: environment, services: selection.selectors, note: note, fullRead: fullRead, wait: !noWait))
    }
}

struct BackupListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List backups, the newest first.",
        discussion: "Example: holdfast backup list shop/live --trigger on-demand --limit 10")

    @Argument(
        help: ArgumentHelp("Only of this project or PROJECT/ENVIRONMENT.", valueName: "project-or-environment"))
    var scope: String?

    @Option(
        help: ArgumentHelp("Only those: scheduled, on-demand, safety or upload.", valueName: "trigger"),
        transform: {
            guard let trigger = Backup.Trigger(rawValue: $0) else {
                throw ValidationError("Write scheduled, on-demand, safety or upload.")
            }
            return trigger
        })
    var trigger: Backup.Trigger?

    @Flag(help: "Show deleted ones, too.") var deleted = false
    @Option(
        help: ArgumentHelp("Show at most so many.", valueName: "number"), transform: Reading.number(in: 1...1000))
    var limit: Int = 50

    @Option(help: ArgumentHelp("Go on after this one.", valueName: "backup"), transform: Reading.backup)
    var after: BackupID?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws { _ = try range() }

    func command(reading input: LocalInput) throws -> Command {
        let (project, environment) = try range()
        return .backupList(
            BackupList(
                project: project, environment: environment, trigger: trigger, includeDeleted: deleted, limit: limit,
                after: after))
    }

    private func range() throws -> (Name?, EnvironmentReference?) {
        guard let scope else { return (nil, nil) }
        return scope.contains("/") ? (nil, try Reading.environment(scope)) : (try Reading.name(scope), nil)
    }
}

struct BackupShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a backup: parts, sizes, where its copies are, restores made of it.",
        discussion: "Example: holdfast backup show 1t6x0fk4w2qz")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .backupShow(backup) }
}

struct BackupCancelCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Stop a backup that is running.",
        discussion: "Example: holdfast backup cancel 1t6x0fk4w2qz")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .backupCancel(backup) }
}

struct BackupVerifyCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read a whole backup and check every byte of it.",
        discussion: "Exits with status 1 when something is damaged. Example: holdfast backup verify 1t6x0fk4w2qz")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .backupVerify(backup) }
}

struct BackupDeleteCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a backup.",
        discussion: """
            Asks for its environment to be typed. For a while `backup undelete` takes it back, and its space is given back \
            after that; with --now at once, which goes for one that was deleted before, too. \
            Example: holdfast backup delete 1t6x0fk4w2qz
            """)

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @Flag(help: "For good: it can't be taken back.") var now = false
    @Flag(help: "Do not ask.") var yes = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command { .backupDelete(backup, now: now) }
}

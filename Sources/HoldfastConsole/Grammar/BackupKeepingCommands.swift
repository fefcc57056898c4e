import ArgumentParser
import HoldfastCommands
import HoldfastModel

private let backupHelp = ArgumentHelp("The backup's identifier.", valueName: "backup")

struct BackupUndeleteCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "undelete", abstract: "Take a deleted backup back, as long as that is possible.",
        discussion: "One that the rules let go is pinned, too. Example: holdfast backup undelete 1t6x0fk4w2qz")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .backupUndelete(backup) }
}

struct BackupPinCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Keep a backup whatever the rules say.",
        discussion: "Example: holdfast backup pin 1t6x0fk4w2qz")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .backupPin(backup) }
}

struct BackupUnpinCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin", abstract: "Let the rules decide about a pinned backup again.",
        discussion: "Example: holdfast backup unpin 1t6x0fk4w2qz")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .backupUnpin(backup) }
}

struct BackupExpireCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "Say when a backup goes, whatever the rules say.",
        discussion: """
            It is kept until then, and goes then. \
            Example: holdfast backup expire 1t6x0fk4w2qz --at 2027-06-30T00:00:00Z
            """)

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID

    @Option(
        help: ArgumentHelp("At this time, in UTC: 2027-06-30 or 2027-06-30T12:00:00Z.", valueName: "time"),
        transform: Reading.time)
    var at: Timestamp?

    @Option(help: ArgumentHelp("So long from now: 90d.", valueName: "time"), transform: Reading.seconds)
    var after: Int?

    @Flag(help: "At no date of its own: the rules decide again. To keep it whatever they say, pin it.")
    var never = false

    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard [at != nil, after != nil, never].count(where: { $0 }) == 1 else {
            throw ValidationError("Say when: --at, --after or --never.")
        }
    }

    func command(reading input: LocalInput) -> Command {
        let when: BackupExpire.When =
            at.map(BackupExpire.When.at) ?? after.map(BackupExpire.When.after(seconds:)) ?? .never
        return .backupExpire(BackupExpire(backup: backup, when: when))
    }
}

struct BackupNoteCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Change a backup's note.",
        discussion: "An empty one takes it away. Example: holdfast backup note 1t6x0fk4w2qz \"before the sale\"")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @Argument(help: ArgumentHelp("What it says.", valueName: "text"), transform: Reading.note) var text: String
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .backupNote(BackupNote(backup: backup, note: text)) }
}

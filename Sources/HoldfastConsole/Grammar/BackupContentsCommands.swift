import ArgumentParser
import HoldfastCommands
import HoldfastModel

private let backupHelp = ArgumentHelp("The backup's identifier.", valueName: "backup")
private let sourceHelp = ArgumentHelp("Which service, if there are several.", valueName: "service")
private let limitHelp = ArgumentHelp("Show at most so many.", valueName: "number")

struct BackupTablesCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "tables", abstract: "List the tables in a backup of a database, with their rows.",
        discussion: """
            Rows were counted while the backup was made. Tables without data of their own, such as views, are not there. \
            Example: holdfast backup tables 1t6x0fk4w2qz
            """)

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID
    @Option(help: sourceHelp, transform: Reading.service) var of: ServiceReference?
    @Option(help: ArgumentHelp("Pass over so many, for the next page.", valueName: "number")) var after: Int = 0
    @Option(help: limitHelp) var limit: Int = 200
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard after >= 0 else { throw ValidationError("--after is a number from 0.") }
        guard BackupTableList.limitRange.contains(limit) else {
            throw ValidationError("--limit is a number from 1 to 1000.")
        }
    }

    func command(reading input: LocalInput) -> Command {
        .backupTables(BackupTableList(backup: backup, source: of, after: after, limit: limit))
    }
}

struct BackupFilesCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "List a directory in a backup of media.",
        discussion: "Example: holdfast backup files 1t6x0fk4w2qz products/2026")

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID

    @Argument(
        help: ArgumentHelp(
            "The directory, from the media's root. A backslash is written \\\\. Default: the root.", valueName: "path"))
    var path: String?

    @Option(help: sourceHelp, transform: Reading.service) var of: ServiceReference?

    @Option(help: ArgumentHelp("Where the next page begins, as the page before says it.", valueName: "place"))
    var from: String?

    @Option(help: limitHelp) var limit: Int = 200
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard BackupFileList.limitRange.contains(limit) else {
            throw ValidationError("--limit is a number from 1 to 1000.")
        }
    }

    func command(reading input: LocalInput) -> Command {
        .backupFiles(BackupFileList(backup: backup, source: of, path: path, from: from, limit: limit))
    }
}

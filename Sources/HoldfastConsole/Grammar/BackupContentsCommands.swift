import ArgumentParser
import HoldfastCommands
import HoldfastModel

private let backupHelp = ArgumentHelp("The backup's identifier.", valueName: "backup")
private let sourceHelp = ArgumentHelp("Which service, if there are several.", valueName: "service")
private let limitHelp = ArgumentHelp("Show at most so many.", valueName: "number")
private let fromHelp = ArgumentHelp("Where the next page begins, as the page before says it.", valueName: "place")

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
    @Option(help: limitHelp, transform: Reading.number(in: BackupTableList.limitRange)) var limit: Int = 200
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard after >= 0 else { throw ValidationError("--after is a number from 0.") }
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

    @Option(help: fromHelp) var from: String?

    @Option(help: limitHelp, transform: Reading.number(in: BackupFileList.limitRange)) var limit: Int = 200
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .backupFiles(BackupFileList(backup: backup, source: of, path: path, from: from, limit: limit))
    }
}

struct BackupFindCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Tell which complete backups hold a file, the newest first.",
        discussion: """
            A pattern without a slash is compared with names in every directory, one with a slash with paths from the \
            media's root. * stands for anything in a name, ? for one character, ** for anything, slashes too. Quote it, so \
            that your shell leaves it alone. Example: holdfast backup find shop/live 'products/*.jpg'
            """)

    @Argument(
        help: ArgumentHelp("A project, or one environment: PROJECT/ENVIRONMENT.", valueName: "where"),
        transform: Reading.retentionScope)
    var scope: RetentionScope

    @Argument(
        help: ArgumentHelp("A name, a path, or a pattern.", valueName: "pattern"), transform: Reading.pathPattern)
    var pattern: String

    @Option(help: ArgumentHelp("Only in these media.", valueName: "service"), transform: Reading.service)
    var of: ServiceReference?

    @Option(help: fromHelp) var from: String?

    @Option(
        help: ArgumentHelp("Show at most so many paths.", valueName: "number"),
        transform: Reading.number(in: BackupFind.limitRange))
    var limit: Int = 100
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        var environment: Name?
        if case .environment(let reference) = scope { environment = reference.environment }
        return .backupFind(
            BackupFind(
                project: scope.project, environment: environment, pattern: pattern, source: of, from: from,
                limit: limit))
    }
}

struct BackupDiffCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Tell how one backup differs from another.",
        discussion: """
            Files are compared by what they are made of, not by their times; tables by rows and size, too. Nothing of \
            their content is read. Example: holdfast backup diff 1t6x0fk4w2qz 1t6x0fk4w2r0 --of media
            """)

    @Argument(
        help: ArgumentHelp("The older backup's identifier.", valueName: "old"), transform: Reading.backup)
    var old: BackupID

    @Argument(
        help: ArgumentHelp("The newer backup's identifier.", valueName: "new"), transform: Reading.backup)
    var new: BackupID

    @Option(help: ArgumentHelp("Only in this service.", valueName: "service"), transform: Reading.service)
    var of: ServiceReference?

    @Option(help: fromHelp) var from: String?

    @Option(
        help: ArgumentHelp("Show at most so many lines of each service.", valueName: "number"),
        transform: Reading.number(in: BackupDiff.limitRange))
    var limit: Int = 200
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .backupDiff(BackupDiff(old: old, new: new, source: of, from: from, limit: limit))
    }
}

struct BackupGetCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Fetch one file, directory or table out of a backup.",
        discussion: """
            A file comes as it was, a directory as a tar, a table as a script for psql. Every byte is checked; a file is \
            there under its name only once all of it is. Example: holdfast backup get 1t6x0fk4w2qz products/1.jpg
            """)

    @Argument(help: backupHelp, transform: Reading.backup) var backup: BackupID

    @Argument(
        help: ArgumentHelp(
            "The file or directory, from the media's root: / is all of it. A backslash is written \\\\.",
            valueName: "path"))
    var path: String?

    @Option(help: ArgumentHelp("A table's rows instead: SCHEMA.NAME or NAME.", valueName: "table")) var table: String?
    @Option(help: sourceHelp, transform: Reading.service) var of: ServiceReference?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Where to put it: a file, a directory, or - for standard output. Default: its own name, here.",
            valueName: "file"))
    var output: String?

    @Flag(help: "Replace a file that is there.") var force = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard (path == nil) != (table == nil) else {
            throw ValidationError("Say what to get: a path, or a table with --table.")
        }
    }

    var outputOptions: OutputOptions {
        var values = client.values
        (values.output, values.force) = (output, force)
        return values
    }

    func command(reading input: LocalInput) -> Command {
        .backupGet(BackupGet(backup: backup, what: table.map { .table($0) } ?? .path(path ?? ""), source: of))
    }
}

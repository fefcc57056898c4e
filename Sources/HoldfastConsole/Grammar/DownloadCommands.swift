import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct DownloadNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Fetch what is in backups, by links.",
        subcommands: [
            DownloadPrepareCommand.self, DownloadListCommand.self, DownloadShowCommand.self,
            DownloadLinksCommand.self, DownloadRevokeCommand.self,
        ])
}

private let downloadHelp = ArgumentHelp("The download's identifier.", valueName: "download")

struct DownloadPrepareCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Prepare files of a backup to be fetched by links.",
        discussion: """
            A database becomes a dump for pg_restore, media a tar archive, a table an SQL script for psql. Everything is \
            read and checked first; that goes on when you stop waiting. \
            Example: holdfast download prepare 1t6x0fk4w2qz --media --mail anna@example.org --expires 3d
            """)

    @Argument(
        help: ArgumentHelp("The backup's identifier.", valueName: "backup"), transform: Reading.backup)
    var backup: BackupID

    @OptionGroup var selection: SelectionOptions

    @Option(
        help: ArgumentHelp(
            "One file of the media, by its path there (repeat for more). A backslash is written \\\\.",
            valueName: "path"))
    var file: [String] = []

    @Option(help: ArgumentHelp("One table's rows: SCHEMA.NAME or NAME (repeat for more).", valueName: "table"))
    var table: [String] = []

    @Option(
        help: ArgumentHelp("The service that files and tables are of, if there are several.", valueName: "service"),
        transform: Reading.service)
    var of: ServiceReference?

    @Option(
        help: ArgumentHelp("Who gets the links by mail when they work.", valueName: "address"),
        transform: Reading.mailAddress)
    var mail: MailAddress?

    @Option(
        help: ArgumentHelp("How long the links work: 12h, 3d. Default: 7d.", valueName: "duration"),
        transform: Reading.seconds)
    var expires: Int = DownloadPrepare.defaultValidSeconds

    @Flag(name: .customLong("no-wait"), help: "Return as soon as the download is accepted.") var noWait = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard DownloadPrepare.validSecondsRange.contains(expires) else {
            throw ValidationError("--expires is from 1s to 90d.")
        }
    }

    func command(reading input: LocalInput) -> Command {
        .downloadPrepare(
            DownloadPrepare(
                backup: backup, services: selection.selectors, files: file, tables: table, source: of, mail: mail,
                validSeconds: expires, wait: !noWait))
    }
}

struct DownloadListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List downloads, the newest first.",
        discussion: "Example: holdfast download list shop/live")

    @Argument(
        help: ArgumentHelp("Only of this environment, as PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var environment: EnvironmentReference?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .downloadList(environment) }
}

struct DownloadShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a download: its files, sizes and checksums.",
        discussion: "Example: holdfast download show 1t6x0kk4w2qz")

    @Argument(help: downloadHelp, transform: Reading.download) var download: DownloadID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .downloadShow(download) }
}

struct DownloadLinksCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "links", abstract: "Show the links of a download. Whoever has one can fetch the file.",
        discussion: "Example: holdfast download links 1t6x0kk4w2qz")

    @Argument(help: downloadHelp, transform: Reading.download) var download: DownloadID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .downloadLinks(download) }
}

struct DownloadRevokeCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Make the links of a download give nothing any more.",
        discussion: "Example: holdfast download revoke 1t6x0kk4w2qz")

    @Argument(help: downloadHelp, transform: Reading.download) var download: DownloadID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .downloadRevoke(download) }
}

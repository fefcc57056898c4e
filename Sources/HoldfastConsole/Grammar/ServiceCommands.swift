import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct ServiceNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "The databases and media stores of an environment.",
        subcommands: [ServiceSetCommand.self, ServiceRemoveCommand.self])
}

private let serviceHelp = ArgumentHelp(
    "The service: database, media, database:NAME or media:NAME.", valueName: "service")

struct ServiceSetCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Tell where a database or media store is.",
        discussion: """
            Examples:
              holdfast service set shop/live media --path /srv/shop/media
              holdfast service set shop/live database --url-stdin < url.txt
            A password on the command line can be seen by other users of this machine, so prefer --url-stdin, \
            --url-file or --url-env.
            """)

    @Argument(
        help: ArgumentHelp("The environment, as PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var environment: EnvironmentReference

    @Argument(help: serviceHelp, transform: Reading.service) var service: ServiceReference

    @Option(help: ArgumentHelp("Of a database: postgresql://user:password@host:port/name.", valueName: "url"))
    var url: String?

    @Flag(help: "Read the database's URL from standard input.")
    var urlStdin = false

    @Option(help: ArgumentHelp("Read the database's URL from this file.", valueName: "file"))
    var urlFile: String?

    @Option(help: ArgumentHelp("Read the database's URL from this variable.", valueName: "variable"))
    var urlEnv: String?

    @Option(help: ArgumentHelp("Of a media store: the absolute path of its directory on the node.", valueName: "path"))
    var path: String?

    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        let sources = [url != nil, urlStdin, urlFile != nil, urlEnv != nil].count { $0 }
        switch service.kind {
        case .database:
            guard path == nil, sources == 1 else {
                throw ValidationError(
                    "A database is set by one of --url, --url-stdin, --url-file and --url-env.")
            }
        case .media:
            guard sources == 0, let path else { throw ValidationError("A media store is set by --path /DIRECTORY.") }
            guard path.hasPrefix("/"), path.utf8.count <= 4096 else {
                throw ValidationError("--path is an absolute path, for example /srv/shop/media.")
            }
        }
    }

    func command(reading input: LocalInput) throws -> Command {
        .serviceSet(ServiceSet(environment: environment, service: service, location: try location(reading: input)))
    }

    private func location(reading input: LocalInput) throws -> ServiceSet.Location {
        if let path { return .media(path: path) }
        if let url { return .database(url: Secret(url)) }
        if let urlFile { return .database(url: try input.file(urlFile)) }
        if let urlEnv { return .database(url: try input.variable(urlEnv)) }
        return .database(url: try input.standardInput())
    }
}

struct ServiceRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget where a service is. Its backups stay.",
        discussion: "Example: holdfast service remove shop/live media:uploads")

    @Argument(
        help: ArgumentHelp("The environment, as PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var environment: EnvironmentReference

    @Argument(help: serviceHelp, transform: Reading.service) var service: ServiceReference
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .serviceRemove(environment, service) }
}

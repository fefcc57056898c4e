import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct CatalogNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "What the cluster remembers of projects and backups.",
        subcommands: [CatalogRebuildCommand.self])
}

struct CatalogRebuildCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Take up nodes, projects and backups that the catalog lacks.",
        discussion: """
            For a catalog that was lost, or is an old copy. While this runs, nodes with a certificate of this cluster are \
            taken in again. What the catalog knows stays as it is; done again, it adds nothing. \
            Example: holdfast catalog rebuild
            """)

    @Option(
        help: ArgumentHelp(
            "How long nodes are waited for at most; less where no further one comes. Default: 60s.", valueName: "time"),
        transform: Reading.seconds)
    var wait = CatalogRebuildRequest.usualWaitSeconds
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .catalogRebuild(CatalogRebuildRequest(waitSeconds: wait))
    }
}

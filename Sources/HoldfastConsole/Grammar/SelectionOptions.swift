import ArgumentParser
import HoldfastCommands
import HoldfastModel

/// Which services a backup captures or a restore puts back; none means all.
struct SelectionOptions: ParsableArguments {
    @Flag(help: "The databases.") var database = false
    @Flag(help: "The media stores.") var media = false

    @Option(
        help: ArgumentHelp(
            "One service: database:NAME or media:NAME (repeat for more). Default: all.", valueName: "service"),
        transform: Reading.service)
    var service: [ServiceReference] = []

    var selectors: [ServiceSelector] {
        (database ? [.kind(.database)] : []) + (media ? [.kind(.media)] : []) + service.map(ServiceSelector.service)
    }
}

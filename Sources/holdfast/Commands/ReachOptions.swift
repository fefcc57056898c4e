import ArgumentParser
import HoldfastModel

/// What a node's worker may touch, and how much room it leaves, as given when its settings are written.
struct ReachOptions: ParsableArguments {
    @Option(
        name: .customLong("media-root"),
        help: ArgumentHelp("A directory beneath which media trees may lie; may be repeated.", valueName: "directory"))
    var mediaRoots: [String] = []

    @Option(
        name: .customLong("database-host"),
        help: ArgumentHelp(
            "A database server that may be reached; may be repeated. Default: localhost.", valueName: "host[:port]"))
    var databaseHosts: [String] = []

    @Option(
        name: .customLong("tool-directory"),
        help: ArgumentHelp(
            "Where pg_dump and pg_restore are looked for first; may be repeated.", valueName: "directory"))
    var toolDirectories: [String] = []

    @Option(help: ArgumentHelp("Room that is left free on the disk, such as 2GiB.", valueName: "size"))
    var reserve: ByteSize?

    var isEmpty: Bool {
        mediaRoots.isEmpty && databaseHosts.isEmpty && toolDirectories.isEmpty && reserve == nil
    }

    /// Puts what was given into a node's settings.
    func apply(to settings: inout NodeSettings) {
        func list(_ values: [String]) -> [String]? { values.isEmpty ? nil : values }
        settings.mediaRoots = list(mediaRoots.map(AbsolutePath.of))
        settings.databaseHosts = databaseHosts.isEmpty ? ["localhost", "127.0.0.1", "::1"] : databaseHosts
        settings.toolDirectories = list(toolDirectories.map(AbsolutePath.of))
        settings.reserve = reserve
    }
}

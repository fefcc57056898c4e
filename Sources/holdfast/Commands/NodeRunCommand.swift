import ArgumentParser
import HoldfastModel

struct NodeRunCommand: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a storage node.",
        discussion: "Example: holdfast node --config ./node/node.yaml")

    @Option(help: ArgumentHelp("Its settings, as `holdfast node join` wrote them.", valueName: "file"))
    var config: String

    func perform() async throws {
        let node = NodeServer(settings: try NodeSettings.load(config))
        try await Serving.untilStopped { try await node.run() }
    }
}

import ArgumentParser
import HoldfastModel

struct CoordinatorCommand: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Run a coordinator.",
        discussion: "Example: holdfast coordinator --config ./coordinator/coordinator.yaml")

    @Option(help: ArgumentHelp("Its settings, as `holdfast cluster init` wrote them.", valueName: "file"))
    var config: String

    func perform() async throws {
        let coordinator = CoordinatorProcess(settings: try CoordinatorSettings.load(config))
        try await Serving.untilStopped {
            try await coordinator.run { _, address in
                let downloads = address.http.map { ", downloads at \($0)" } ?? ""
                Serving.say(
                    "The coordinator is up: nodes at \(address.listen), console at \(address.console)\(downloads).")
            }
        }
    }
}

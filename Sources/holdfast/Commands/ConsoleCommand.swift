import ArgumentParser
import HoldfastConsole

struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Type commands in an interactive shell, with history and completion.",
        discussion: "Example: holdfast console")

    @OptionGroup(title: "Client options")
    var client: ClientOptions

    func run() async throws {
        let status = await ConsoleShell.run(client.values)
        if status != 0 { throw ExitCode(status) }
    }
}

import Glibc
import HoldfastCommands
import HoldfastModel

/// `holdfast console`: an interactive shell, one command a line. Each command has a connection of its own, so a
/// coordinator may be restarted or taken over meanwhile.
package enum ConsoleShell {
    /// - Returns: the exit status: of the last command where lines come from a file, else 0.
    package static func run(_ options: OutputOptions, terminal: ClientTerminal = .process) async -> Int32 {
        let console = ClientCommandLine(terminal, options)
        do {
            let settings = try ClientSettings.find(options.client)
            try await ConsoleClient.withConnection(settings) { _ in }
            if terminal.isInputTerminal {
                terminal.printOutput("Connected to \(settings.address). Type help, or quit.\n")
            }
        } catch {
            return console.fail(error)
        }
        var history = ShellHistory(path: historyPath)
        var reader = LineReader(prompt: "holdfast> ", terminal: terminal)
        var status: Int32 = 0
        while true {
            switch reader.next(history: history.lines) {
            case .ended: return terminal.isInputTerminal ? 0 : status
            case .abandoned: continue
            case .typed(let line):
                let verb = line.split(separator: " ").map(String.init)
                if verb == ["quit"] || verb == ["exit"] { return terminal.isInputTerminal ? 0 : status }
                guard !verb.isEmpty, verb.first?.hasPrefix("#") != true else { continue }
                history.add(line)
                status = await perform(line, options, terminal)
            }
        }
    }

    private static func perform(
        _ line: String, _ options: OutputOptions, _ terminal: ClientTerminal
    ) async -> Int32 {
        do {
            switch try ConsoleGrammar.parse(line, reading: .process) {
            case .help(let text):
                terminal.printOutput(text + "\n")
                return 0
            case .request(var request):
                request.options.client = request.options.client ?? options.client
                request.options.noColor = request.options.noColor || options.noColor
                request.options.json = request.options.json || options.json
                return await ClientCommandLine(terminal, request.options).perform(request)
            }
        } catch {
            return ClientCommandLine(terminal, options).fail(error)
        }
    }

    private static var historyPath: String? {
        guard let home = getenv("HOME"), home.pointee != 0 else { return nil }
        let directory = String(cString: home) + "/.config"
        mkdir(directory, 0o700)
        mkdir(directory + "/holdfast", 0o700)
        return directory + "/holdfast/history"
    }
}

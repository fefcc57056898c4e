import ArgumentParser
import HoldfastCommands
import HoldfastModel

/// Performs one command line: reads it, asks what has to be asked, sends it to the cluster, and shows the answer.
package struct ClientCommandLine {
    /// Arguments that are wrong, as `sysexits.h` numbers them.
    package static let usageStatus: Int32 = 64

    let terminal: ClientTerminal
    let options: OutputOptions
    private let clock = ContinuousClock()

    init(_ terminal: ClientTerminal, _ options: OutputOptions) {
        self.terminal = terminal
        self.options = options
    }

    /// Performs the arguments as `holdfast` does.
    ///
    /// - Returns: the exit status.
    package static func run(
        _ arguments: [String], terminal: ClientTerminal = .process, input: LocalInput = .process
    ) async -> Int32 {
        do {
            switch try ConsoleGrammar.parse(arguments, reading: input) {
            case .help(let text):
                terminal.printOutput(text + "\n")
                return 0
            case .request(let request):
                return await ClientCommandLine(terminal, request.options).perform(request)
            }
        } catch {
            var options = OutputOptions()
            options.json = arguments.contains("--json")
            options.noColor = arguments.contains("--no-color")
            return ClientCommandLine(terminal, options).fail(error)
        }
    }

    static func perform(_ remote: some RemoteCommand) async -> Int32 {
        let line = ClientCommandLine(.process, remote.client.values)
        do {
            let command = try remote.command(reading: .process)
            return await line.perform(
                CommandRequest(command: command, isConfirmed: remote.isConfirmed, options: remote.client.values))
        } catch {
            return line.fail(error)
        }
    }

    func perform(_ request: CommandRequest) async -> Int32 {
        do {
            if request.command.needsConfirmation, !request.isConfirmed { try requirePerson() }
            let settings = try ClientSettings.find(options.client)
            let outcome = try await ConsoleClient.withConnection(settings) { connection in
                // Ctrl-C at the question ends the process: nothing was begun yet.
                if request.command.needsConfirmation, !request.isConfirmed {
                    try await Confirmation(terminal, options).ask(about: request.command, over: connection)
                }
                return await Interrupt.watching(stop: connection.hangUp) {
                    try await perform(request, over: connection)
                }
            }
            if outcome.wasInterrupted { return interrupted() }
            return try outcome.outcome.get()
        } catch {
            return fail(error)
        }
    }

    private func perform(_ request: CommandRequest, over connection: ConsoleConnection) async throws -> Int32 {
        var display = EventDisplay(terminal, options)
        let start = clock.now
        do {
            let result = try await connection.perform(request.command.line) { event in
                display.show(event, at: start.duration(to: clock.now))
            }
            display.close()
            show(result)
            return ExitStatus.of(result, answering: request.command)
        } catch {
            display.close()
            throw error
        }
    }

    func show(_ result: CommandResult) {
        let text =
            options.json
            ? JSONLine.text(of: result)
            : ResultRenderer(terminal.style(ofOutput: true, options)).text(of: result)
        terminal.printOutput(text + "\n")
    }

    func fail(_ error: any Error) -> Int32 {
        let error = HoldfastError(error)
        let text =
            options.json
            ? JSONLine.text(of: ["error": ErrorAnswer(error)])
            : ResultRenderer(terminal.style(ofOutput: false, options)).text(of: error)
        terminal.printError(text + "\n")
        return error.code.exitStatus
    }

    private func requirePerson() throws {
        guard terminal.isInputTerminal, !options.json else {
            throw HoldfastError(
                .invalidArgument, "This takes something away, and there is no terminal to ask at: add --yes")
        }
    }

    private func interrupted() -> Int32 {
        terminal.printError("\nNo longer following. What was begun goes on: holdfast job list\n")
        return ErrorCode.cancelled.exitStatus
    }
}

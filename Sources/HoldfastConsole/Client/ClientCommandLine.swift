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
        let line = ClientCommandLine(.process, remote.outputOptions)
        do {
            let command = try remote.command(reading: .process)
            return await line.perform(
                CommandRequest(command: command, isConfirmed: remote.isConfirmed, options: remote.outputOptions))
        } catch {
            return line.fail(error)
        }
    }

    func perform(_ request: CommandRequest) async -> Int32 {
        guard let pause = options.every else { return await performOnce(request) }
        while true {
            let status = await performOnce(request)
            // A cluster without a coordinator may have one again in a moment.
            let passing = [0, ErrorCode.unavailable.exitStatus, ErrorCode.deposed.exitStatus]
            guard passing.contains(status) else { return status }
            guard (try? await Task.sleep(for: pause)) != nil else { return ErrorCode.cancelled.exitStatus }
        }
    }

    private func performOnce(_ request: CommandRequest) async -> Int32 {
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
            if outcome.wasInterrupted { return interrupted(request.command) }
            return try outcome.outcome.get()
        } catch {
            return fail(error)
        }
    }

    private func perform(_ request: CommandRequest, over connection: ConsoleConnection) async throws -> Int32 {
        if case .backupGet = request.command { return try await fetch(request, over: connection) }
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

    /// Takes the bytes that a command gives.
    private func fetch(_ request: CommandRequest, over connection: ConsoleConnection) async throws -> Int32 {
        var display = EventDisplay(terminal, options)
        let start = clock.now
        let sink = ContentSink(to: options.output, isForced: options.force, terminal: terminal)
        defer { sink.abandon() }
        do {
            try sink.requireFree()
            let result = try await connection.perform(request.command.line) { event in
                switch event {
                case .content(let head):
                    try sink.begin(head)
                case .piece(let bytes):
                    try sink.write(bytes)
                    display.show(.progress(sink.progress), at: start.duration(to: clock.now))
                default: display.show(event, at: start.duration(to: clock.now))
                }
            }
            guard case .given(let given) = result else {
                throw HoldfastError(.malformed, "The cluster answered with something else than was asked for")
            }
            try sink.finish(given)
            display.close()
            show(given, at: sink.place)
            return 0
        } catch {
            display.close()
            throw error
        }
    }

    /// Standard output holds the content alone where that is where it went.
    private func show(_ given: GivenContent, at place: String?) {
        guard let place else { return }
        guard !options.json else { return terminal.printOutput(JSONLine.text(of: CommandResult.given(given)) + "\n") }
        let style = terminal.style(ofOutput: true, options)
        terminal.printOutput(
            "\(ResultRenderer(style).text(of: given))\n  in       \(place.printable(limit: 4000))\n")
    }

    func show(_ result: CommandResult) {
        let text =
            options.json
            ? JSONLine.text(of: result)
            : ResultRenderer(terminal.style(ofOutput: true, options)).text(of: result)
        terminal.printOutput(beginning + text + "\n")
    }

    /// What is shown again and again takes the place of what was there, on a terminal.
    private var beginning: String {
        guard options.every != nil, !options.json else { return "" }
        return terminal.isOutputTerminal ? "\u{1b}[H\u{1b}[2J" : "\n"
    }

    func fail(_ error: any Error) -> Int32 {
        let error = HoldfastError(error)
        let text =
            options.json
            ? JSONLine.text(of: ["error": ErrorAnswer(error)])
            : ResultRenderer(terminal.style(ofOutput: false, options)).text(of: error)
        terminal.printError((terminal.isErrorTerminal ? beginning : "") + text + "\n")
        return error.code.exitStatus
    }

    private func requirePerson() throws {
        guard terminal.isInputTerminal, !options.json else {
            throw HoldfastError(
                .invalidArgument, "This takes something away, and there is no terminal to ask at: add --yes")
        }
    }

    private func interrupted(_ command: Command) -> Int32 {
        if case .backupGet = command {
            terminal.printError("\nBroken off; nothing of it was kept.\n")
            return ErrorCode.cancelled.exitStatus
        }
        guard options.every == nil else { return ErrorCode.cancelled.exitStatus }
        terminal.printError("\nNo longer following. What was begun goes on: holdfast job list\n")
        return ErrorCode.cancelled.exitStatus
    }
}

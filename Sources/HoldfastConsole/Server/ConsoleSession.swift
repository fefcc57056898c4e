import HoldfastCommands
import HoldfastModel
import HoldfastWire
import Logging
import NIOCore

/// One connection's conversation: lines in, answers out, one command at a time.
struct ConsoleSession {
    /// Printed first on every connection. The number is the line protocol's version.
    static let greeting = "Holdfast console 1. Type: login TOKEN. Then: help\n"

    private static let portHelp = """
        On this port, without the word holdfast:
          login TOKEN       say who you are
          mode json|text    how answers are written
          help              this text; COMMAND --help tells of a command
          quit              close the connection
        What overwrites or deletes needs --yes here.
        """

    let service: any CommandService
    let limits: ConsoleLimits
    let time: any TimeSource
    let watch: SessionWatch
    let writer: AnswerWriter
    let count: ConnectionCount
    let stranger: Stranger
    let origin: Origin
    let logger: Logger

    private(set) var principal: Principal?
    /// Looked at again for each command: what it stands for can change.
    private var token = Secret("")
    private var isJSON = false
    private var sequence = 0
    private var failedLogins = 0
    private var didQuit = false

    init(
        service: any CommandService, limits: ConsoleLimits, time: any TimeSource, watch: SessionWatch,
        writer: AnswerWriter, count: ConnectionCount, stranger: Stranger, origin: Origin, logger: Logger
    ) {
        self.service = service
        self.limits = limits
        self.time = time
        self.watch = watch
        self.writer = writer
        self.count = count
        self.stranger = stranger
        self.origin = origin
        self.logger = logger
    }

    /// Returns when the peer quits, goes, or has to be sent away.
    mutating func run(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws {
        try await writer.write(Self.greeting)
        var lines = LineAccumulator(limitBytes: LineSplitter.lineLimitBytes)
        var chunks = inbound.makeAsyncIterator()
        while let chunk = try await chunks.next() {
            lines.append(chunk.readableBytesView)
            do {
                while let line = try lines.next() {
                    if try await answer(line) { continue }
                    // Closing on bytes that nobody read resets the connection, and the last answer may be lost with it.
                    watch.enter(.closing, at: time.uptime)
                    while !didQuit, try await chunks.next() != nil {}
                    return
                }
            } catch let error as HoldfastError {
                sequence += 1
                try await writer.answer(error, to: sequence, asJSON: isJSON)
                watch.enter(.closing, at: time.uptime)
                while try await chunks.next() != nil {}
                return
            }
        }
    }

    /// False when the conversation is over.
    private mutating func answer(_ line: String) async throws -> Bool {
        let words: [String]
        do { words = try LineSplitter.words(of: line) } catch {
            sequence += 1
            try await writer.answer(error, to: sequence, asJSON: isJSON)
            return true
        }
        guard let verb = words.first else { return true }
        sequence += 1
        switch (verb, words.count) {
        case ("quit", 1), ("exit", 1):
            try await writer.answer(.done("Bye."), to: sequence, asJSON: isJSON)
            didQuit = true
            return false
        case ("login", _): return try await logIn(words)
        case ("mode", _): try await changeMode(words)
        case ("help", 1): try await help()
        default: try await perform(words)
        }
        if principal != nil { watch.enter(.idle, at: time.uptime) }
        return true
    }

    private mutating func logIn(_ words: [String]) async throws -> Bool {
        do {
            guard words.count == 2 else { throw HoldfastError(.invalidArgument, "Write: login TOKEN") }
            guard principal == nil else {
                throw HoldfastError(.invalidArgument, "This connection is logged in already; open another one")
            }
            let shown = Secret(words[1])
            guard let known = try await service.principal(bearing: shown) else {
                throw HoldfastError(.unauthenticated, "The token is unknown or has expired; ask for a new one")
            }
            guard count.enter() else {
                let full = HoldfastError(
                    .busy, "All connections of this console are in use; close one, or try again later")
                try await writer.answer(full, to: sequence, asJSON: isJSON)
                return false
            }
            principal = known
            token = shown
            stranger.leave()
            watch.enter(.idle, at: time.uptime)
            logger.info("logged in", metadata: ["principal": "\(known.name.printable())"])
            try await writer.answer(
                .done("Logged in as \(known.name.printable())."), to: sequence, asJSON: isJSON)
            return true
        } catch let error as HoldfastError {
            if error.code == .unauthenticated {
                failedLogins += 1
                logger.notice("login refused", metadata: ["failures": "\(failedLogins)"])
                try await time.sleep(for: limits.loginDelay)
            }
            try await writer.answer(error, to: sequence, asJSON: isJSON)
            return failedLogins < limits.loginTries
        }
    }

    private mutating func changeMode(_ words: [String]) async throws {
        switch words.dropFirst() {
        case ["json"]: isJSON = true
        case ["text"]: isJSON = false
        default:
            let error = HoldfastError(.invalidArgument, "Write: mode json, or: mode text")
            return try await writer.answer(error, to: sequence, asJSON: isJSON)
        }
        try await writer.answer(.done("Answers are \(words[1]) now."), to: sequence, asJSON: isJSON)
    }

    private func help() async throws {
        let commands = if case .help(let text) = try ConsoleGrammar.parse(["--help"]) { text } else { "" }
        try await writer.answer(.done("\(Self.portHelp)\n\n\(commands)"), to: sequence, asJSON: isJSON)
    }

    private func perform(_ words: [String]) async throws {
        var asJSON = isJSON
        do {
            guard principal != nil else {
                throw HoldfastError(.unauthenticated, "Say who you are first: login TOKEN")
            }
            guard let principal = try await service.principal(bearing: token) else {
                throw HoldfastError(.unauthenticated, "The token was revoked or has expired; ask for a new one")
            }
            switch try ConsoleGrammar.parse(words) {
            case .help(let text): try await writer.answer(.done(text), to: sequence, asJSON: asJSON)
            case .request(let request):
                asJSON = asJSON || request.options.json
                try await writer.answer(try await perform(request, as: principal), to: sequence, asJSON: asJSON)
            }
        } catch let error as ChannelError {
            throw error
        } catch {
            // A peer that went has cancelled this: then there is nobody to answer.
            try Task.checkCancellation()
            try await writer.answer(HoldfastError(error), to: sequence, asJSON: asJSON)
        }
    }

    private func perform(_ request: CommandRequest, as principal: Principal) async throws -> CommandResult {
        guard request.options.client == nil else {
            throw HoldfastError(.invalidArgument, "--client is an option of `holdfast` on your own machine")
        }
        guard request.isConfirmed || !request.command.needsConfirmation else {
            throw HoldfastError(
                .invalidArgument,
                "This takes something away. Look at it with `restore plan` or `show`, then add --yes to the line")
        }
        let (writer, sequence, asJSON) = (writer, sequence, isJSON || request.options.json)
        guard request.options.output == nil, !request.options.force else {
            throw HoldfastError(.invalidArgument, "--output and --force are options of `holdfast` on your own machine")
        }
        if case .backupGet = request.command, !asJSON {
            throw HoldfastError(
                .invalidArgument, "This answers with bytes, in lines of JSON: add --json, or use holdfast backup get")
        }
        watch.enter(.busy, at: time.uptime)
        writer.beginCommand()
        let isQuiet = request.options.quiet
        return try await service.perform(request.command, as: principal, from: origin) { event in
            if !isQuiet || event.isContent { await writer.report(event, to: sequence, asJSON: asJSON) }
        }
    }
}

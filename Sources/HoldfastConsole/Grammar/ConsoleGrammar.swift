import ArgumentParser
package import HoldfastModel

/// The one grammar of commands, for the console port, the command line and the shell.
package enum ConsoleGrammar {
    /// Characters of a line of help where no terminal says how wide it is.
    package static let helpColumns = 100

    /// Reads a line such as `backup create shop/live --note "before the sale"`.
    package static func parse(
        _ line: String, reading input: LocalInput = .none
    ) throws(HoldfastError) -> ParsedLine {
        try parse(try LineSplitter.words(of: line), reading: input)
    }

    /// - Parameter words: a leading `holdfast` is passed over, so that lines can be pasted from anywhere.
    /// - Throws: `invalidArgument` with the usage under `usage` in its context; what `input` throws.
    package static func parse(
        _ words: [String], reading input: LocalInput = .none
    ) throws(HoldfastError) -> ParsedLine {
        do {
            let arguments = words.first == "holdfast" ? Array(words.dropFirst()) : words
            var parsed = try ConsoleRoot.parseAsRoot(arguments)
            guard let remote = parsed as? any RemoteCommand else {
                // A noun without a verb, or `help`: running it throws the help text.
                try parsed.run()
                return .help("")
            }
            return .request(
                CommandRequest(
                    command: try remote.command(reading: input), isConfirmed: remote.isConfirmed,
                    options: remote.outputOptions))
        } catch let error as HoldfastError {
            throw error
        } catch {
            guard ConsoleRoot.exitCode(for: error) != .success else {
                return .help(ConsoleRoot.fullMessage(for: error, columns: helpColumns))
            }
            throw usageError(error)
        }
    }

    private static func usageError(_ error: any Error) -> HoldfastError {
        let message = ConsoleRoot.message(for: error).split(separator: "\n").joined(separator: " ")
        let full = ConsoleRoot.fullMessage(for: error, columns: helpColumns)
        let usage = full.split(separator: "\n").drop { !$0.hasPrefix("Usage: ") }.joined(separator: "\n")
        return HoldfastError(
            .invalidArgument, message.printable(limit: 600),
            context: usage.isEmpty ? [:] : ["usage": usage])
    }
}

package import HoldfastCommands
package import HoldfastModel

/// One line of the port's JSON mode. For each line it is given the port answers any number of events and then one
/// result or one error.
package struct ConsoleAnswer: Codable, Hashable, Sendable {
    /// The number of the line that this answers, counted from 1 on each connection.
    package var sequence: Int
    package var event: CommandEvent?
    package var result: CommandResult?
    package var error: ErrorAnswer?

    package init(
        sequence: Int, event: CommandEvent? = nil, result: CommandResult? = nil, error: ErrorAnswer? = nil
    ) {
        self.sequence = sequence
        self.event = event
        self.result = result
        self.error = error
    }
}

/// An error as scripts read it.
package struct ErrorAnswer: Codable, Hashable, Sendable {
    package var code: String
    package var number: UInt16
    package var message: String
    package var context: [String: String]

    package init(_ error: HoldfastError) {
        self.code = error.code.rawValue
        self.number = error.code.number
        self.message = error.message
        self.context = error.context
    }

    /// A code of a later version reads as `internal`; its message still tells.
    package var error: HoldfastError {
        HoldfastError(ErrorCode(rawValue: code) ?? .internal, message, context: context)
    }
}

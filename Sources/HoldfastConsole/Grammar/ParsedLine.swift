package import HoldfastCommands

/// What a line comes to.
package enum ParsedLine: Sendable {
    case request(CommandRequest)
    /// The line asked for help.
    case help(String)
}

/// A command and how its answer is to be shown.
package struct CommandRequest: Sendable {
    package var command: Command
    package var isConfirmed: Bool
    package var options: OutputOptions

    package init(command: Command, isConfirmed: Bool, options: OutputOptions) {
        self.command = command
        self.isConfirmed = isConfirmed
        self.options = options
    }
}

package import ArgumentParser
package import HoldfastCommands

/// A subcommand that the cluster performs: it reads as one typed command, wherever the line was typed.
package protocol RemoteCommand: AsyncParsableCommand {
    var client: ClientOptions { get }
    /// How the answer is to be shown, or where it is to be put.
    var outputOptions: OutputOptions { get }
    /// Whether the line itself says yes to what can't be taken back; true where nothing asks.
    var isConfirmed: Bool { get }

    /// - Parameter input: where secrets are read that are not in the line itself.
    func command(reading input: LocalInput) throws -> Command
}

extension RemoteCommand {
    package var isConfirmed: Bool { true }
    package var outputOptions: OutputOptions { client.values }

    /// Performs the command as `holdfast` does when it is started with it.
    package func run() async throws {
        let status = await ClientCommandLine.perform(self)
        if status != 0 { throw ExitCode(status) }
    }
}

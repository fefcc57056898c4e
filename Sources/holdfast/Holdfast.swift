import ArgumentParser
import HoldfastConsole
import HoldfastModel
import HoldfastNode

/// The program: the cluster's own processes, and the client of every command that a cluster performs.
@main
struct Holdfast: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "Backups and restores of web projects, on a cluster of your own.",
        discussion: "Start with: holdfast up --data ./holdfast-data",
        version: Version.text,
        groupedSubcommands: [
            ClientCommands.backupGroup,
            ClientCommands.projectGroup,
            CommandGroup(
                name: "Cluster",
                subcommands: [
                    UpCommand.self, ClusterCommand.self, CoordinatorCommand.self, NodeCommand.self, ConsoleCommand.self,
                ] + ClientCommands.operatorNouns),
        ])

    static func main() async {
        ProcessMemory.keepFreed()
        await withTaskExecutorPreference(BlockingExecutor(threads: Self.threads)) {
            do {
                var command = try parseAsRoot()
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch {
                if CommandLine.arguments.contains("--json") { exitAsJSON(on: error) }
                exit(withError: error)
            }
        }
    }

    /// Scripts that ask for JSON get it for a line that can't be read, too.
    private static func exitAsJSON(on error: any Error) {
        guard exitCode(for: error) == .validationFailure else { return }
        let mistake = HoldfastError(.invalidArgument, message(for: error))
        Serving.say(JSONLine.text(of: ["error": ErrorAnswer(mistake)]))
        exit(withError: ExitCode.validationFailure)
    }

    /// Enough for every worker that waits on a disk or a tool to leave some for the rest.
    private static let threads = 32
}

/// `holdfast cluster …`: what the cluster answers, and what makes one.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "The cluster as a whole.",
        subcommands: [ClusterInitCommand.self, RecoveryFileCommand.self, RotateKeyCommand.self] + ClientCommands.cluster
    )
}

/// `holdfast node …`: what the cluster answers, and what runs a node.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "The storage nodes; run one with --config.",
        subcommands: ClientCommands.node + [NodeJoinCommand.self, NodeRunCommand.self],
        defaultSubcommand: NodeRunCommand.self)
}

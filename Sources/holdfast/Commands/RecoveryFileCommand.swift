import ArgumentParser
import HoldfastModel

struct RecoveryFileCommand: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery-file",
        abstract: "Print what the cluster can't be made again without: its key and its authority.",
        discussion: """
            With it and the nodes, a cluster whose coordinator is lost is made again: `holdfast cluster init --recovery`, \
            then `holdfast catalog rebuild`. It changes only with the cluster key (`holdfast cluster rotate-key`). Whoever has it can read every backup: keep it away from \
            the cluster, where nobody finds it.

            Example: holdfast cluster recovery-file --data ./coordinator > recovery.txt
            """)

    @Option(help: ArgumentHelp("Where the coordinator keeps everything.", valueName: "directory"))
    var data = "./holdfast-data"

    func perform() async throws {
        let directory = ClusterDirectory(path: AbsolutePath.of(data))
        let settings = try CoordinatorSettings.load(directory.settings)
        let file = RecoveryFile(
            clusterKey: try directory.loadClusterKey(settings), authority: try directory.loadAuthority())
        print(file.text.revealed, terminator: "")
    }
}

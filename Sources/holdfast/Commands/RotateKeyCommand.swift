import ArgumentParser
import HoldfastArchive
import HoldfastModel

struct RotateKeyCommand: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key", abstract: "Give the cluster another key.",
        discussion: """
            The new key is written above the present one; the coordinator, once it was started again, seals everything that \
            the catalog keeps with it, and says so in its log. Then, when every node has been here, print a new recovery \
            file and end the rotation with --finish.

            Who has an earlier key and a copy of the catalog from then has what it sealed: rotate the keys of projects, too \
            (`holdfast project rotate-key`), and change the passwords of databases.

            Example: holdfast cluster rotate-key --data ./coordinator
            """)

    @Option(help: ArgumentHelp("Where the coordinator keeps everything.", valueName: "directory"))
    var data = "./holdfast-data"

    @Flag(help: "Take the earlier keys away, into a file beside the key's.") var finish = false

    @Flag(help: "Only print what is to be written, for a key that comes from a command.") var print = false

    func perform() async throws {
        let directory = ClusterDirectory(path: AbsolutePath.of(data))
        let settings = try CoordinatorSettings.load(directory.settings)
        let present = try directory.loadClusterKey(settings)
        let next = finish ? present.alone : try present.rotated(from: SystemEntropy())
        if print { return Swift.print(next.text.revealed) }
        let file = settings.clusterKeyFile ?? directory.clusterKey
        guard settings.clusterKeyCommand == nil else {
            throw HoldfastError(
                .invalidArgument,
                """
                The key comes from the command in \(directory.settings.printable()): have that print what \
                `holdfast cluster rotate-key --print` prints
                """)
        }
        if finish {
            try end(present, next, file)
        } else {
            try PrivateFile.write(next.text.revealed + "\n", to: file)
            Swift.print(
                """
                The cluster has key \(next.fingerprint); \(present.fingerprint) stands below it in \(file.printable()).
                Start the coordinator again: it seals everything with the new key, and says so in its log. Keep the recovery
                file that you have until this is finished.
                """)
        }
    }

    /// The earlier keys are kept until a person destroys them: where something still needs one, the coordinator says so.
    private func end(_ present: ClusterKey, _ next: ClusterKey, _ file: String) throws {
        guard present.earlierCount > 0 else {
            throw HoldfastError(.notFound, "There is no earlier key in \(file.printable()): nothing to finish")
        }
        let aside = file + ".earlier"
        guard !PrivateFile.exists(aside) else {
            throw HoldfastError(
                .alreadyExists, "\(aside.printable()) holds earlier keys: destroy it, once nothing needs them any more")
        }
        try PrivateFile.write(present.text.revealed + "\n", to: aside)
        try PrivateFile.write(next.text.revealed + "\n", to: file)
        Swift.print(
            """
            The cluster has key \(next.fingerprint) alone; those before it are in \(aside.printable()).
            Start the coordinator again, and print a new recovery file. If the coordinator says that this is not the
            catalog's key, put that file back in the place of \(file.printable()). Otherwise destroy it.
            """)
    }
}

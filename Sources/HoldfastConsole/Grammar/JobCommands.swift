import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct JobNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "The work that goes on: backups, restores, downloads, verifications, collections.",
        subcommands: [JobListCommand.self, JobShowCommand.self, JobWatchCommand.self, JobCancelCommand.self])
}

private let jobHelp = ArgumentHelp("The job's identifier.", valueName: "job")

struct JobListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the jobs that are not over.",
        discussion: "Example: holdfast job list --all")

    @Flag(help: "List those that ended, too.") var all = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .jobList(all: all) }
}

struct JobShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a job and its journal.",
        discussion: "Example: holdfast job show 1t6x0kk4w2qz")

    @Argument(help: jobHelp, transform: Reading.job) var job: JobID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .jobShow(job) }
}

struct JobWatchCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a job to its end.",
        discussion: "Interrupting only stops the following. Example: holdfast job watch 1t6x0kk4w2qz")

    @Argument(help: jobHelp, transform: Reading.job) var job: JobID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .jobWatch(job) }
}

struct JobCancelCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Call off a job of any kind.",
        discussion: """
            A collection that is called off has deleted nothing that is needed; the next one does what is left. Example: \
            holdfast job cancel 1t6x0kk4w2qz
            """)

    @Argument(help: jobHelp, transform: Reading.job) var job: JobID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .jobCancel(job) }
}

import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct RetentionNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "How many backups are kept, and for how long.",
        subcommands: [
            RetentionShowCommand.self, RetentionSetCommand.self, RetentionResetCommand.self,
            RetentionPreviewCommand.self,
        ])
}

private let scopeHelp = ArgumentHelp("The project, or PROJECT/ENVIRONMENT.", valueName: "project-or-environment")

/// The rules, alike where they are set and where they are only tried.
struct RetentionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Keep so many hourly ones (24).", valueName: "number")) var hourly: Int?
    @Option(help: ArgumentHelp("Keep so many daily ones (7).", valueName: "number")) var daily: Int?
    @Option(help: ArgumentHelp("Keep so many weekly ones (4).", valueName: "number")) var weekly: Int?
    @Option(help: ArgumentHelp("Keep so many monthly ones (12).", valueName: "number")) var monthly: Int?

    @Option(help: ArgumentHelp("Keep all on-demand ones for so many days (30).", valueName: "days"))
    var onDemandDays: Int?
    @Option(help: ArgumentHelp("Of older on-demand ones keep so many, the newest (3).", valueName: "number"))
    var onDemandCount: Int?
    @Option(help: ArgumentHelp("Keep all safety backups for so many days (30).", valueName: "days"))
    var safetyDays: Int?
    @Option(help: ArgumentHelp("Of older safety backups keep so many, the newest (1).", valueName: "number"))
    var safetyCount: Int?
    @Option(help: ArgumentHelp("Keep the record of a failed one for so many days (30).", valueName: "days"))
    var failedDays: Int?
    @Option(help: ArgumentHelp("A deleted one can be taken back for so many days (7).", valueName: "days"))
    var windowDays: Int?

    var rules: RetentionRules {
        var rules = RetentionRules()
        (rules.hourly, rules.daily, rules.weekly, rules.monthly) = (hourly, daily, weekly, monthly)
        (rules.onDemandDays, rules.onDemandCount) = (onDemandDays, onDemandCount)
        (rules.safetyDays, rules.safetyCount) = (safetyDays, safetyCount)
        (rules.failedDays, rules.windowDays) = (failedDays, windowDays)
        return rules
    }

    func validate() throws {
        do { try rules.validate() } catch { throw ValidationError(error.message) }
    }
}

struct RetentionShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the rules of a project or environment.",
        discussion: "Example: holdfast retention show shop/live")

    @Argument(help: scopeHelp, transform: Reading.retentionScope) var scope: RetentionScope
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .retentionShow(scope) }
}

struct RetentionSetCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change rules of a project or environment.",
        discussion: """
            What is not mentioned stays. `retention preview` shows beforehand what would go. \
            Example: holdfast retention set shop/live --daily 14 --monthly 24
            """)

    @Argument(help: scopeHelp, transform: Reading.retentionScope) var scope: RetentionScope
    @OptionGroup var options: RetentionOptions
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard !options.rules.isEmpty else {
            throw ValidationError("Say what is to change: --daily, --weekly, --monthly, …")
        }
    }

    func command(reading input: LocalInput) -> Command {
        .retentionSet(RetentionSet(scope: scope, rules: options.rules))
    }
}

struct RetentionResetCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Take back all rules of its own: a project then has the usual ones.",
        discussion: "An environment then has its project's. Example: holdfast retention reset shop/live")

    @Argument(help: scopeHelp, transform: Reading.retentionScope) var scope: RetentionScope
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .retentionReset(scope) }
}

struct RetentionPreviewCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show of every backup why it is kept and when it will go.",
        discussion: """
            With rules, as if these were set; nothing is changed. \
            Example: holdfast retention preview shop/live --daily 3
            """)

    @Argument(
        help: ArgumentHelp("The environment, as PROJECT/ENVIRONMENT.", valueName: "environment"),
        transform: Reading.environment)
    var environment: EnvironmentReference
    @OptionGroup var options: RetentionOptions
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .retentionPreview(RetentionPreview(environment: environment, rules: options.rules))
    }
}

import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct ScheduleNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "Backups that are made by themselves.",
        subcommands: [
            ScheduleSetCommand.self, ScheduleShowCommand.self, ScheduleListCommand.self, SchedulePauseCommand.self,
            ScheduleResumeCommand.self, ScheduleRemoveCommand.self,
        ])
}

private let environmentHelp = ArgumentHelp("The environment, as PROJECT/ENVIRONMENT.", valueName: "environment")

struct ScheduleSetCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Say when an environment is backed up by itself.",
        discussion: """
            Takes the place of the schedule it has. \
            Example: holdfast schedule set shop/live --cron "30 2 * * 1-5" --time-zone Europe/Zurich --database
            """)

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference

    @Option(
        help: ArgumentHelp("hourly, daily (at 02:00) or weekly (on Sundays at 02:00).", valueName: "preset"),
        transform: Reading.preset)
    var preset: SchedulePreset?

    @Option(
        help: ArgumentHelp(
            "Minute, hour, day of the month, month and day of the week, as cron has them.", valueName: "expression"),
        transform: Reading.cron)
    var cron: CronExpression?

    @Option(
        help: ArgumentHelp(
            "The time zone, as in Europe/Zurich. Default: the present schedule's, else the cluster's.",
            valueName: "zone"))
    var timeZone: String?

    @OptionGroup var selection: SelectionOptions

    @Option(
        help: ArgumentHelp(
            "Spread the starts of all environments over so long: 1h. Default: 1h, hourly 10m, with --cron 1m.",
            valueName: "time"), transform: Reading.seconds)
    var jitter: Int?

    @Flag(help: "Set it, and leave it paused.") var disable = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard (preset == nil) != (cron == nil) else {
            throw ValidationError("Say when: --preset hourly, daily or weekly, or --cron.")
        }
        guard (0...86_400).contains(jitter ?? 0) else { throw ValidationError("--jitter is at most one day.") }
    }

    func command(reading input: LocalInput) throws -> Command {
        guard let timing = preset.map(ScheduleTiming.preset) ?? cron.map(ScheduleTiming.cron) else {
            throw ValidationError("Say when: --preset or --cron.")
        }
        return .scheduleSet(
            ScheduleSet(
                environment: environment, timing: timing, zone: timeZone, services: selection.selectors,
                jitterSeconds: jitter, isPaused: disable))
    }
}

struct ScheduleShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a schedule: its next runs, and what came of the last one.",
        discussion: "Example: holdfast schedule show shop/live")

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .scheduleShow(environment) }
}

struct ScheduleListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List schedules with their next runs and last results.",
        discussion: "Example: holdfast schedule list shop")

    @Argument(help: ArgumentHelp("Only this project's.", valueName: "project"), transform: Reading.name)
    var project: Name?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .scheduleList(project: project) }
}

struct SchedulePauseCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let a schedule run no more until it is resumed.",
        discussion: "Example: holdfast schedule pause shop/live")

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .schedulePause(environment) }
}

struct ScheduleResumeCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused schedule run again.",
        discussion: "What would have run meanwhile is not made up for. Example: holdfast schedule resume shop/live")

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .scheduleResume(environment) }
}

struct ScheduleRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a schedule. Its backups stay.",
        discussion: "Example: holdfast schedule remove shop/test")

    @Argument(help: environmentHelp, transform: Reading.environment) var environment: EnvironmentReference
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .scheduleRemove(environment) }
}

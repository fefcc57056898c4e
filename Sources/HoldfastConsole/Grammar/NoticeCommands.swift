import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct NoticeNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice", abstract: "Who is told when something goes wrong, or is done.",
        subcommands: [
            NoticeListCommand.self, NoticeAddCommand.self, NoticeRemoveCommand.self, NoticeTestCommand.self,
        ])
}

struct NoticeListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show who is told, and whether that works.",
        discussion: "Example: holdfast notice list shop")

    @Argument(
        help: ArgumentHelp("Of this project; without it, all that the cluster tells.", valueName: "project"),
        transform: Reading.name)
    var project: Name?

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .noticeList(project: project) }
}

struct NoticeAddCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Have somebody told, by mail or webhook.",
        discussion: """
            Examples:
              holdfast notice add shop --mail anna@example.org
              holdfast notice add shop --webhook-stdin --only backup-failed --only backup-overdue < url.txt
              holdfast notice add --mail admin@example.org
            The address of a webhook is often a secret, and others can see a line, so prefer --webhook-stdin. Kinds: \
            \(NoticeKind.choices.map(\.rawValue).joined(separator: ", ")).
            """)

    @Argument(
        help: ArgumentHelp("The project; without it, everything in the cluster.", valueName: "project"),
        transform: Reading.name)
    var project: Name?

    @Option(help: ArgumentHelp("Who gets a mail.", valueName: "address"), transform: Reading.mailAddress)
    var mail: MailAddress?

    @Option(help: ArgumentHelp("The webhook's address: https://…", valueName: "url")) var webhook: String?
    @Flag(help: "Read the webhook's address from standard input.") var webhookStdin = false

    @Option(
        help: ArgumentHelp("Only of this kind (repeat for more).", valueName: "kind"), transform: Reading.noticeKind)
    var only: [NoticeKind] = []

    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard [mail != nil, webhook != nil, webhookStdin].count(where: { $0 }) == 1 else {
            throw ValidationError("Write one of --mail, --webhook and --webhook-stdin.")
        }
    }

    func command(reading input: LocalInput) throws -> Command {
        .noticeAdd(NoticeAdd(project: project, road: try road(input), kinds: only))
    }

    private func road(_ input: LocalInput) throws -> NoticeAdd.Road {
        if let mail { return .mail(mail) }
        return .webhook(try webhook.map { Secret($0) } ?? input.standardInput())
    }
}

private let targetHelp = ArgumentHelp("The receiver's identifier.", valueName: "receiver")

struct NoticeRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Tell somebody nothing any more.",
        discussion: "Example: holdfast notice remove 1a2b3c4d5e6f")

    @Argument(help: targetHelp, transform: Reading.noticeTarget) var target: NoticeTargetID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .noticeRemove(target) }
}

struct NoticeTestCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a test, and see what becomes of it.",
        discussion: "Example: holdfast notice test 1a2b3c4d5e6f")

    @Argument(help: targetHelp, transform: Reading.noticeTarget) var target: NoticeTargetID
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .noticeTest(target) }
}

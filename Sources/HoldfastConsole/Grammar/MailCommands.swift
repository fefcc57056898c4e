import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct MailNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "The mail that Holdfast sends.",
        subcommands: [MailTestCommand.self, MailListCommand.self, MailRetryCommand.self])
}

struct MailTestCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a mail, and see what the mail server says to it.",
        discussion: "Example: holdfast mail test somebody@example.org")

    @Argument(help: ArgumentHelp("Who gets it.", valueName: "address"), transform: Reading.mailAddress)
    var address: MailAddress

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .mailTest(address) }
}

struct MailListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the mail that waits, and what became of the last.",
        discussion: "Example: holdfast mail list")

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .mailList }
}

struct MailRetryCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Try at once to send a mail that waits, or that could not be sent.",
        discussion: "Example: holdfast mail retry 1a2b3c4d5e6f")

    @Argument(help: ArgumentHelp("The mail's identifier.", valueName: "mail"), transform: Reading.mail)
    var mail: MailID

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .mailRetry(mail) }
}

import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct TokenNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens by which programs act for users.",
        subcommands: [TokenListCommand.self, TokenCreateCommand.self, TokenRevokeCommand.self])
}

struct TokenListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your tokens, or those of a user; an administrator's list has all.",
        discussion: "Example: holdfast token list anna")

    @Argument(help: ArgumentHelp("The user's name.", valueName: "user"), transform: Reading.name) var user: Name?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .tokenList(user: user) }
}

struct TokenCreateCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token, which is shown once.",
        discussion: "Example: holdfast token create nightly-check --read-only --project shop --expires 30d")

    @Argument(help: ArgumentHelp("What it is for, in your words.", valueName: "label")) var label: String

    @Option(help: ArgumentHelp("Whose it is. Default: you.", valueName: "user"), transform: Reading.name)
    var user: Name?

    @Flag(help: "It may only look.") var readOnly = false

    @Option(help: "No more than this role: viewer, operator or owner.", transform: Reading.role) var role: Role?
    @Option(help: "Only in this project.", transform: Reading.name) var project: Name?

    @Option(
        help: ArgumentHelp("How long it works: 24h, 30d. Default: 90d.", valueName: "time"), transform: Reading.seconds)
    var expires: Int?

    @Flag(help: "It works until it is revoked.") var neverExpires = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws {
        guard expires == nil || !neverExpires else { throw ValidationError("Write --expires or --never-expires.") }
        guard expires ?? 60 >= 60 else { throw ValidationError("A token works for one minute at least.") }
    }

    func command(reading input: LocalInput) -> Command {
        var create = TokenCreate(
            label: label, user: user, limits: TokenLimits(isReadOnly: readOnly, role: role, project: project))
        create.validSeconds = neverExpires ? nil : expires ?? create.validSeconds
        return .tokenCreate(create)
    }
}

struct TokenRevokeCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Make a token useless at once.",
        discussion: "Example: holdfast token revoke 1a2b3c4d5e6f")

    @Argument(help: ArgumentHelp("The token's identifier.", valueName: "token"), transform: Reading.accessToken)
    var token: AccessTokenID

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .tokenRevoke(token) }
}

struct SessionNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Who is signed in with a browser.",
        subcommands: [SessionListCommand.self, SessionRevokeCommand.self])
}

struct SessionListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List your sessions, or those of a user.",
        discussion: "Example: holdfast session list anna")

    @Argument(help: ArgumentHelp("The user's name.", valueName: "user"), transform: Reading.name) var user: Name?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .sessionList(user: user) }
}

struct SessionRevokeCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a session at once.",
        discussion: "Example: holdfast session revoke 1a2b3c4d5e6f")

    @Argument(help: ArgumentHelp("The session's identifier.", valueName: "session"), transform: Reading.session)
    var session: SessionID

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .sessionRevoke(session) }
}

struct AuditNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who changed what, when, from where.", subcommands: [AuditListCommand.self])
}

struct AuditListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List changes, the newest first; owners see those of their projects.",
        discussion: "Example: holdfast audit list shop --user anna --since 2026-11-01")

    @Argument(help: ArgumentHelp("Only of this project.", valueName: "project"), transform: Reading.name)
    var project: Name?

    @Option(help: ArgumentHelp("Only what this user did.", valueName: "user")) var user: String?

    @Option(help: ArgumentHelp("Only since this day or time, in UTC.", valueName: "time"), transform: Reading.time)
    var since: Timestamp?

    @Option(
        help: ArgumentHelp("How many at most.", valueName: "number"),
        transform: Reading.number(in: AuditList.limitRange))
    var limit: Int = 100

    @Option(
        help: ArgumentHelp("Go on after this one.", valueName: "change"), transform: Reading.auditEntry)
    var after: AuditID?

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command {
        .auditList(AuditList(project: project, user: user, since: since, limit: limit, after: after))
    }
}

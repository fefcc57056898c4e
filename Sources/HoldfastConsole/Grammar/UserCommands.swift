import ArgumentParser
import HoldfastCommands
import HoldfastModel

struct UserNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Who may sign in, and what they may.",
        subcommands: [
            UserListCommand.self, UserShowCommand.self, UserInviteCommand.self, UserCreateCommand.self,
            UserRoleCommand.self, UserPasswordCommand.self, UserDisableCommand.self, UserEnableCommand.self,
            UserRemoveCommand.self,
        ])
}

private let userHelp = ArgumentHelp("The user's name.", valueName: "user")

/// What a new user may.
struct RightsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where mail reaches them.", valueName: "address"), transform: Reading.mailAddress)
    var mail: MailAddress?

    @Flag(help: "They may do everything in the cluster.")
    var administrator = false

    @Option(
        help: ArgumentHelp(
            "A role in a project: viewer, operator or owner (repeat for more).", valueName: "project=role"))
    var role: [String] = []

    func roles() throws -> [Name: Role] {
        var roles: [Name: Role] = [:]
        for text in role {
            let given = try Reading.projectRole(text)
            guard roles.updateValue(given.role, forKey: given.project) == nil else {
                throw ValidationError("--role names project \(given.project) twice.")
            }
        }
        return roles
    }

    func validate() throws { _ = try roles() }
}

/// Where a password comes from that isn't made by the coordinator.
struct PasswordOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The password. Better read from elsewhere: others can see a line.", valueName: "text"))
    var password: String?

    @Flag(help: "Read the password from the standard input, or ask for it at the terminal.")
    var passwordStdin = false

    func value(_ input: LocalInput) throws -> Secret? {
        try password.map { Secret($0) } ?? (passwordStdin ? input.standardInput() : nil)
    }

    func validate() throws {
        guard password == nil || !passwordStdin else { throw ValidationError("Write --password or --password-stdin.") }
    }
}

struct UserListCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the users.", discussion: "Example: holdfast user list")

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .userList }
}

struct UserShowCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a user, or who you are.", discussion: "Example: holdfast user show anna")

    @Argument(help: userHelp, transform: Reading.name) var user: Name?
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .userShow(user) }
}

struct UserInviteCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Make an account whose user sets the password by a link.",
        discussion: """
            The link goes by mail where an address is given; otherwise it is shown. For a user that there is already, it \
            makes a new link.

            Example: holdfast user invite anna --mail anna@example.org --role shop=operator
            """)

    @Argument(help: userHelp, transform: Reading.name) var user: Name
    @OptionGroup var rights: RightsOptions

    @Option(
        help: ArgumentHelp("How long the link works: 24h, 7d. Default: 7d.", valueName: "time"),
        transform: Reading.seconds)
    var valid: Int?

    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) throws -> Command {
        .userInvite(
            UserInvite(
                name: user, mail: rights.mail, isAdministrator: rights.administrator, roles: try rights.roles(),
                validSeconds: valid ?? UserInvite.defaultValidSeconds))
    }
}

struct UserCreateCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an account with a password, which is made and shown unless you give one.",
        discussion: "Example: holdfast user create anna --role shop=owner")

    @Argument(help: userHelp, transform: Reading.name) var user: Name
    @OptionGroup var rights: RightsOptions
    @OptionGroup var password: PasswordOptions
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) throws -> Command {
        .userCreate(
            UserCreate(
                name: user, mail: rights.mail, isAdministrator: rights.administrator, roles: try rights.roles(),
                password: try password.value(input)))
    }
}

struct UserRoleCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Say what a user may in a project, or whether they are an administrator.",
        discussion: "Example: holdfast user role anna shop operator")

    @Argument(help: userHelp, transform: Reading.name) var user: Name
    @Argument(help: "The project.", transform: Reading.name) var project: Name?
    @Argument(help: "viewer, operator, owner or none.") var role: String?

    @Flag(inversion: .prefixedNo, help: "Whether they may do everything in the cluster.")
    var administrator: Bool?

    @OptionGroup(title: "Client options") var client: ClientOptions

    func validate() throws { _ = try grant() }

    private func grant() throws -> UserRole.Grant {
        switch (project, role, administrator) {
        case (nil, nil, let isOne?): return .administrator(isOne)
        case (let project?, "none", nil): return .project(project, nil)
        case (let project?, let role?, nil): return .project(project, try Reading.role(role))
        default: throw ValidationError("Write a project and a role, or --administrator or --no-administrator.")
        }
    }

    func command(reading input: LocalInput) throws -> Command { .userRole(UserRole(user: user, grant: try grant())) }
}

struct UserPasswordCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a user's password, and end their sessions.",
        discussion: """
            Without a password one is made and shown. For your own account the present one is needed, unless you come by the
            client.json that was made with the cluster.

            Example: holdfast user password anna --password-stdin
            """)

    @Argument(help: userHelp, transform: Reading.name) var user: Name
    @Option(help: ArgumentHelp("The present password.", valueName: "text")) var current: String?
    @OptionGroup var password: PasswordOptions
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) throws -> Command {
        .userPassword(
            UserPassword(user: user, current: current.map { Secret($0) }, password: try password.value(input)))
    }
}

struct UserDisableCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Keep a user out, with all their sessions and tokens.",
        discussion: "Example: holdfast user disable anna")

    @Argument(help: userHelp, transform: Reading.name) var user: Name
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .userDisable(user) }
}

struct UserEnableCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a disabled user in again.",
        discussion: "Example: holdfast user enable anna")

    @Argument(help: userHelp, transform: Reading.name) var user: Name
    @OptionGroup(title: "Client options") var client: ClientOptions

    func command(reading input: LocalInput) -> Command { .userEnable(user) }
}

struct UserRemoveCommand: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a user, with their sessions and tokens.",
        discussion: "Example: holdfast user remove anna")

    @Argument(help: userHelp, transform: Reading.name) var user: Name
    @Flag(help: "Do not ask.") var yes = false
    @OptionGroup(title: "Client options") var client: ClientOptions

    var isConfirmed: Bool { yes }

    func command(reading input: LocalInput) -> Command { .userRemove(user) }
}

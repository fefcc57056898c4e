import HoldfastCommands
import HoldfastModel

extension APIRoutes {
    private static let name = Field.Kind.text(pattern: Field.namePattern)
    private static let rights: [Field] = [
        .required("name", name, "What they sign in with."),
        .optional("mail", .text(), "Where mail reaches them."),
        .optional("administrator", .flag, "They may do everything."),
        .optional("roles", .value([String: Role].self), "By project: viewer, operator or owner."),
    ]
    private static let role = Field.Kind.choice(Role.allCases.map(\.rawValue))

    static let accounts: [APIRoute] = [
        APIRoute(.get, "/me", .userShow, "Who asks.", .one(UserDetail.self)) { _ in .userShow(nil) },
        APIRoute(.get, "/users", .userList, "The users.", .page(UserDetail.self, key: "name")) { _ in .userList },
        APIRoute(
            .post, "/users", .userCreate, "Make an account with a password, which is made unless it is given.",
            body: rights + [.optional("password", .secret, "Nil has one made, which is shown once.")],
            .one(Credential.self)
        ) { values in
            .userCreate(
                UserCreate(
                    name: try values.need("name", Values.name), mail: try values.find("mail") { try MailAddress($0) },
                    isAdministrator: values.flag("administrator"), roles: try values.roles(),
                    password: values.secret("password")))
        },
        APIRoute(
            .post, "/users/invitations", .userInvite, "Make an account whose user sets the password by a link.",
            body: rights + [
                .optional("validSeconds", .integer(UserInvite.validSecondsRange), "How long it works; a week.")
            ], .one(Credential.self)
        ) { values in
            .userInvite(
                UserInvite(
                    name: try values.need("name", Values.name), mail: try values.find("mail") { try MailAddress($0) },
                    isAdministrator: values.flag("administrator"), roles: try values.roles(),
                    validSeconds: values.integer("validSeconds") ?? UserInvite.defaultValidSeconds))
        },
        APIRoute(.get, "/users/{user}", .userShow, "A user.", .one(UserDetail.self)) { .userShow(try $0.user()) },
        APIRoute(.delete, "/users/{user}", .userRemove, "Remove a user, with sessions and tokens.", .message) {
            .userRemove(try $0.user())
        },
        APIRoute(.post, "/users/{user}/disable", .userDisable, "Keep a user out.", .message) {
            .userDisable(try $0.user())
        },
        APIRoute(.post, "/users/{user}/enable", .userEnable, "Let a user in again.", .message) {
            .userEnable(try $0.user())
        },
        APIRoute(
            .put, "/users/{user}/password", .userPassword, "Set a password, and end the user's sessions.",
            body: [
                .optional("current", .secret, "The present one; needed for one's own account."),
                .optional("password", .secret, "Nil has one made, which is shown once."),
            ], .one(Credential.self)
        ) { values in
            .userPassword(
                UserPassword(
                    user: try values.user(), current: values.secret("current"), password: values.secret("password")))
        },
        APIRoute(
            .put, "/users/{user}/roles/{project}", .userRole, "Give a role in a project.",
            body: [.required("role", role, "The role.")], .message
        ) { values in
            .userRole(
                UserRole(
                    user: try values.user(),
                    grant: .project(try values.project(), try values.need("role") { try Values.raw($0) as Role })))
        },
        APIRoute(.delete, "/users/{user}/roles/{project}", .userRole, "Take the role in a project away.", .message) {
            .userRole(UserRole(user: try $0.user(), grant: .project(try $0.project(), nil)))
        },
        APIRoute(
            .put, "/users/{user}/administrator", .userRole, "Say whether a user is an administrator.",
            body: [.required("administrator", .flag, "Whether they are.")], .message
        ) { .userRole(UserRole(user: try $0.user(), grant: .administrator($0.flag("administrator")))) },
        APIRoute(
            .get, "/tokens", .tokenList, "One's own tokens; an administrator's list has all.",
            query: [.optional("user", name, "Those of this user.")], .page(AccessTokenDetail.self, key: "id")
        ) { .tokenList(user: try $0.find("user", Values.name)) },
        APIRoute(
            .post, "/tokens", .tokenCreate, "Make a token, which is shown once.",
            body: [
                .required("label", .text(), "What it is for."), .optional("user", name, "Whose it is; whoever asks."),
                .optional("readOnly", .flag, "It may only look."), .optional("role", role, "No more than this role."),
                .optional("project", name, "Only in this project."),
                .optional("validSeconds", .integer(60...TokenCreate.longestSeconds), "How long it works; 90 days."),
                .optional("neverExpires", .flag, "It works until it is revoked."),
            ], .one(NewAccessToken.self)
        ) { values in
            var create = TokenCreate(
                label: values.text("label") ?? "", user: try values.find("user", Values.name),
                limits: TokenLimits(
                    isReadOnly: values.flag("readOnly"), role: try values.find("role") { try Values.raw($0) as Role },
                    project: try values.find("project", Values.name)))
            if let seconds = values.integer("validSeconds") { create.validSeconds = seconds }
            if values.flag("neverExpires") { create.validSeconds = nil }
            return .tokenCreate(create)
        },
        APIRoute(.delete, "/tokens/{token}", .tokenRevoke, "Make a token useless at once.", .message) {
            .tokenRevoke(try $0.id("token"))
        },
        APIRoute(
            .get, "/sessions", .sessionList, "One's own sessions.",
            query: [.optional("user", name, "Those of this user.")], .page(SessionDetail.self, key: "id")
        ) { .sessionList(user: try $0.find("user", Values.name)) },
        APIRoute(.delete, "/sessions/{session}", .sessionRevoke, "End a session at once.", .message) {
            .sessionRevoke(try $0.id("session"))
        },
    ]
}

extension Values {
    fileprivate func roles() throws -> [Name: Role] {
        var roles: [Name: Role] = [:]
        for (name, role) in try value("roles", as: [String: Role].self) ?? [:] { roles[try Name(name)] = role }
        return roles
    }
}

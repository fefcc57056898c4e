import HoldfastCommands
import HoldfastModel
import Hummingbird

/// What somebody does with their own account.
struct AccountPages: Sendable {
    private struct Page {
        struct Token {
            let id: String
            let label: String
            let limits: String
            let until: String
            let used: String
            let form: String
        }

        struct Session {
            let id: String
            let agent: String
            let address: String
            let used: String
            let isThis: Bool
            let form: String
        }

        let frame: Frame
        let name: String
        let what: String
        let newToken: String?
        let tokens: [Token]
        let sessions: [Session]
    }

    func show(_ visit: Visit, newToken: Secret? = nil, problem: String? = nil) async throws -> Response {
        let user: UserDetail = try await visit.get(.userShow(nil)) {
            if case .user(let value) = $0 { value } else { nil }
        }
        let tokens: [AccessTokenDetail] = try await visit.get(.tokenList(user: user.name)) {
            if case .accessTokens(let value) = $0 { value } else { nil }
        }
        let sessions: [SessionDetail] = try await visit.get(.sessionList(user: user.name)) {
            if case .sessions(let value) = $0 { value } else { nil }
        }
        let form = visit.known.formToken.revealed
        let page = Page(
            frame: Frame(title: "Account", in: .account, visit, problem: problem), name: user.name.text,
            what: Self.may(user), newToken: newToken?.revealed,
            tokens: tokens.map { token in
                Page.Token(
                    id: token.id.text, label: token.label, limits: Self.limits(token.limits),
                    until: token.expiresAt.map(Words.time) ?? "for good",
                    used: token.lastUsedAt.map { Words.distance($0, from: visit.now) } ?? "never", form: form)
            },
            sessions: sessions.map { session in
                Page.Session(
                    id: session.id.text, agent: session.agent ?? "a browser", address: session.address ?? "",
                    used: Words.distance(session.lastUsedAt, from: visit.now),
                    isThis: session.id == visit.known.session.id, form: form)
            })
        return try .page(Templates.render(page, as: "account"), problem == nil ? .ok : .unprocessableContent)
    }

    static func may(_ user: UserDetail) -> String {
        if user.isAdministrator { return "administrator of the cluster" }
        let roles = user.roles.sorted { $0.key < $1.key }.map { "\($0.value.rawValue) of \($0.key)" }
        return roles.isEmpty ? "no role yet" : roles.joined(separator: ", ")
    }

    private static func limits(_ limits: TokenLimits) -> String {
        var words: [String] = []
        if limits.isReadOnly { words.append("only look") }
        if let role = limits.role { words.append("at most \(role.rawValue)") }
        if let project = limits.project { words.append("in \(project)") }
        return words.isEmpty ? "all that you may" : words.joined(separator: ", ")
    }

    func createToken(_ visit: Visit, _ form: Form) async throws -> Response {
        do {
            let days = min(3650, max(1, try form.number("days", "The number of days") ?? 90))
            let made: NewAccessToken = try await visit.get(
                .tokenCreate(
                    TokenCreate(
                        label: form.need("label", "what it is for"),
                        limits: TokenLimits(isReadOnly: form["scope"] != "all"), validSeconds: days * 86_400))
            ) { if case .accessToken(let value) = $0 { value } else { nil } }
            return try await show(visit, newToken: made.token)
        } catch let error as HoldfastError where error.code == .invalidArgument {
            return try await show(visit, problem: PageWording.sentence(error))
        }
    }

    func revokeToken(_ visit: Visit, _ id: AccessTokenID) async throws -> Response {
        _ = try await visit.perform(.tokenRevoke(id))
        return .seeOther("/account", done: .revoked)
    }

    func revokeSession(_ visit: Visit, _ id: SessionID) async throws -> Response {
        _ = try await visit.perform(.sessionRevoke(id))
        return .seeOther("/account", done: .revoked)
    }

    func changePassword(_ visit: Visit, _ form: Form) async throws -> Response {
        guard form.exact("password") == form.exact("again") else {
            return try await show(visit, problem: "The two passwords are not the same.")
        }
        guard let name = visit.principal.user else {
            throw HoldfastError(.invalidArgument, "This is no account with a password")
        }
        do {
            _ = try await visit.perform(
                .userPassword(
                    UserPassword(
                        user: name, current: Secret(form.exact("current")), password: Secret(form.exact("password")))))
            return .seeOther("/login")
        } catch let error as HoldfastError where error.code != .notFound {
            return try await show(visit, problem: PageWording.sentence(error))
        }
    }
}

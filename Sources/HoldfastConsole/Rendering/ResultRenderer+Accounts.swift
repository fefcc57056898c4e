import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of users: [UserDetail]) -> String {
        guard !users.isEmpty else { return "There is no user. Make one: holdfast user create NAME" }
        var table = TextTable(
            .left("USER"), .left("STATE"), .flexible("MAY"), .left("MAIL"), .left("LAST SIGNED IN (UTC)"))
        for user in users {
            table.add(
                .init(user.name.text), .init(user.state.rawValue, colour(of: user.state)), .init(rights(of: user)),
                .init(user.mail?.text ?? "-"), .init(user.lastLoginAt?.plain ?? "never"))
        }
        return table.text(style)
    }

    func text(of user: UserDetail) -> String {
        var fields = TextFields()
        fields.add("id", "\(user.id)")
        fields.add("state", user.state.rawValue, colour(of: user.state))
        fields.add("may", rights(of: user))
        fields.add("mail", user.mail?.text)
        fields.add("created", "\(HumanText.time(user.createdAt)), by \(user.author)")
        fields.add("last signed in", user.lastLoginAt.map(HumanText.time) ?? "never")
        return heading("User \(user.name)") + "\n" + fields.text(style)
    }

    func text(of credential: Credential) -> String {
        let until = credential.expiresAt.map { " It works once, until \(HumanText.time($0))." } ?? ""
        if let mail = credential.mail {
            return "The link by which \(credential.user) sets a password goes to \(mail).\(until)"
        }
        if let link = credential.link {
            return "\(link.revealed)\nBy this link \(credential.user) sets a password.\(until) It is shown only now."
        }
        guard let password = credential.password else { return "\(credential.user) can sign in with the new password." }
        return "\(password.revealed)\nThis is the password of \(credential.user). It is shown only now."
    }

    func text(of tokens: [AccessTokenDetail]) -> String {
        guard !tokens.isEmpty else { return "There is no token. Make one: holdfast token create LABEL" }
        var table = TextTable(
            .left("TOKEN"), .left("USER"), .flexible("FOR"), .left("LIMITS"), .left("EXPIRES (UTC)"),
            .left("LAST USED (UTC)"))
        for token in tokens {
            table.add(
                .init("\(token.id)"), .init(token.user), .init(token.label), .init(text(of: token.limits)),
                .init(token.expiresAt?.plain ?? "never"), .init(token.lastUsedAt?.plain ?? "never"))
        }
        return table.text(style)
    }

    func text(of new: NewAccessToken) -> String {
        let end = new.detail.expiresAt.map { "until \(HumanText.time($0))" } ?? "until it is revoked"
        return """
            \(new.token.revealed)
            Token \(new.detail.id) of \(new.detail.user), \(text(of: new.detail.limits)), works \(end). It is shown only now.
            """
    }

    func text(of sessions: [SessionDetail]) -> String {
        guard !sessions.isEmpty else { return "Nobody is signed in." }
        var table = TextTable(
            .left("SESSION"), .left("USER"), .left("SINCE (UTC)"), .left("LAST USED (UTC)"), .left("FROM"),
            .flexible("BROWSER"))
        for session in sessions {
            table.add(
                .init("\(session.id)"), .init(session.user.text), .init(session.createdAt.plain),
                .init(session.lastUsedAt.plain), .init(session.address ?? "-"), .init(session.agent ?? "-"))
        }
        return table.text(style)
    }

    func text(of entries: [AuditEntry]) -> String {
        guard !entries.isEmpty else { return "Nothing was changed." }
        var table = TextTable(
            .left("WHEN (UTC)"), .left("WHO"), .left("FROM"), .left("PROJECT"), .flexible("WHAT"), .left("RESULT"),
            .left("JOB"), .left("CHANGE"))
        for entry in entries {
            let colour: TextStyle.Colour? = entry.result == .accepted ? nil : .yellow
            table.add(
                .init(entry.at.plain), .init(entry.token.map { "\(entry.user) (\($0))" } ?? entry.user),
                .init([entry.origin.channel.rawValue, entry.origin.address].compactMap { $0 }.joined(separator: " ")),
                .init(entry.project?.text ?? "-"), .init(entry.change), .init("\(entry.result)", colour),
                .init(entry.job?.text ?? "-"), .init("\(entry.id)"))
        }
        return table.text(style)
    }

    private func rights(of user: UserDetail) -> String {
        let roles = user.roles.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.rawValue)" }
        let all = (user.isAdministrator ? ["everything"] : []) + roles
        return all.isEmpty ? "nothing yet" : all.joined(separator: ", ")
    }

    private func text(of limits: TokenLimits) -> String {
        let words = [
            limits.isReadOnly ? "only looks" : nil, limits.role.map { "at most \($0.rawValue)" },
            limits.project.map { "only \($0)" },
        ].compactMap { $0 }
        return words.isEmpty ? "without limits" : words.joined(separator: ", ")
    }

    private func colour(of state: User.State) -> TextStyle.Colour? {
        switch state {
        case .active: .green
        case .invited: .yellow
        case .disabled: .red
        }
    }
}

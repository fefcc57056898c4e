import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func listUsers() async throws -> CommandResult {
        var details: [UserDetail] = []
        for user in try await office.catalog.all(User.self) { details.append(try await detail(of: user.value)) }
        return .users(details)
    }

    func showUser(_ name: Name?, _ principal: Principal) async throws -> CommandResult {
        let detail = try await detail(of: try await accounts.user(try Self.account(name, principal)).value)
        return .user(name == nil && !principal.isWhole ? detail.limited(to: principal) : detail)
    }

    func createUser(_ create: UserCreate, _ principal: Principal) async throws -> CommandResult {
        let password = create.password ?? PasswordRule.generate(office.entropy)
        try PasswordRule.check(password, of: create.name)
        var user = try await newUser(create.name, create.mail, create.isAdministrator, create.roles, principal)
        user.set(try await office.passwords.hash(password, for: .known("by \(principal.name)")))
        var changes = Changes()
        try changes.insert(user)
        try await office.ledger.commit(changes)
        return .credential(Credential(user: user.name, password: create.password == nil ? password : nil))
    }

    func inviteUser(_ invite: UserInvite, _ principal: Principal) async throws -> CommandResult {
        guard UserInvite.validSecondsRange.contains(invite.validSeconds) else {
            throw HoldfastError(.invalidArgument, "An invitation is valid for one hour to 30 days")
        }
        if invite.mail != nil {
            try office.requireMail()
            try messages.begin(principal)
        }
        var changes = Changes()
        let user: User
        if let stored = try await office.catalog.get(User.self, invite.name) {
            user = try Self.invitedAgain(stored.value, invite, principal)
            for old in try await accounts.invitations(of: user) { changes.delete(old) }
            try changes.put(user, over: stored)
        } else {
            user = try await newUser(invite.name, invite.mail, invite.isAdministrator, invite.roles, principal)
            try changes.insert(user)
        }
        let invitation = Invitation(
            id: office.identifier(), user: user, at: office.clock.now, valid: .seconds(invite.validSeconds),
            author: principal.name)
        let link = try accounts.links.link(to: invitation)
        try changes.insert(invitation)
        if let mail = invite.mail { changes.add(try office.mail(to: mail, about: .invitation(invitation.id))) }
        try await office.ledger.commit(changes)
        if invite.mail != nil { office.mailroom.hasNews() }
        return .credential(
            Credential(
                user: user.name, link: invite.mail == nil ? link : nil, expiresAt: invitation.expiresAt,
                mail: invite.mail))
    }

    /// Whoever may only let others into a project must not get hold of an account that is there.
    private static func invitedAgain(
        _ user: User, _ invite: UserInvite, _ principal: Principal
    ) throws(HoldfastError) -> User {
        guard principal.isAdministrator, !invite.isAdministrator, invite.roles.isEmpty else {
            throw HoldfastError(
                .alreadyExists,
                "There is a user \(user.name) already: `holdfast user role` gives them a role, and an administrator can "
                    + "send them a new link with `holdfast user invite \(user.name)` alone")
        }
        guard user.state != .disabled else {
            throw HoldfastError(.conflict, "\(user.name) is disabled: `holdfast user enable \(user.name)` first")
        }
        var user = user
        user.mail = invite.mail ?? user.mail
        return user
    }

    func disableUser(_ name: Name) async throws -> CommandResult {
        try await accounts.again {
            let stored = try await accounts.user(name)
            guard stored.value.disabledAt == nil else { return .done("\(name) was disabled before") }
            var changes = try await accounts.requireAnotherAdministrator(than: stored.value)
            changes.add(try await accounts.endings(of: stored.value, tokens: false))
            var user = stored.value
            user.disabledAt = office.now
            user.endSessions()
            try changes.put(user, over: stored)
            try await office.ledger.commit(changes)
            return .done("\(name) is disabled: their sessions are over, and their tokens work no more")
        }
    }

    func enableUser(_ name: Name) async throws -> CommandResult {
        let stored = try await accounts.user(name)
        guard stored.value.disabledAt != nil else { return .done("\(name) was not disabled") }
        var user = stored.value
        user.disabledAt = nil
        var changes = Changes()
        try changes.put(user, over: stored)
        try await office.ledger.commit(changes)
        return .done("\(name) is enabled, with the roles, tokens and password as they were")
    }

    func removeUser(_ name: Name) async throws -> CommandResult {
        try await accounts.again {
            let stored = try await accounts.user(name)
            var changes = try await accounts.requireAnotherAdministrator(than: stored.value)
            changes.add(try await accounts.endings(of: stored.value, tokens: true))
            changes.delete(stored)
            try await office.ledger.commit(changes)
            return .done("\(name) was removed, with their sessions and tokens")
        }
    }

    func setPassword(_ request: UserPassword, _ principal: Principal) async throws -> CommandResult {
        let known = try await accounts.user(request.user).value
        // Whoever sits down at an administrator's browser is not to keep the account.
        let isOwn = request.user == principal.user && !principal.isRecovery
        let mustKnow = isOwn || !principal.isAdministrator
        if mustKnow {
            // Strangers who try to sign in keep nobody from changing a password, and nobody another.
            let attempt = "password \(known.name)"
            guard let current = request.current,
                try await accounts.isRight(
                    current, for: known.password, of: attempt, from: Place(attempt), asker: .known(attempt))
            else { throw HoldfastError(.unauthenticated, "The present password is needed, and this is not it") }
            accounts.attemptSucceeded(attempt, from: Place(attempt))
        }
        let password = request.password ?? PasswordRule.generate(office.entropy)
        try PasswordRule.check(password, of: known.name)
        let hash = try await office.passwords.hash(password, for: .known("by \(principal.name)"))
        return try await accounts.again {
            let stored = try await accounts.user(request.user)
            // What was compared above is still what is replaced.
            guard !mustKnow || stored.value.password == known.password else {
                throw HoldfastError(.unauthenticated, "The password was changed meanwhile")
            }
            var user = stored.value
            user.set(hash)
            var changes = try await accounts.endings(of: user, tokens: false)
            try changes.put(user, over: stored)
            try await office.ledger.commit(changes)
            return .credential(Credential(user: user.name, password: request.password == nil ? password : nil))
        }
    }

    func setRole(_ request: UserRole) async throws -> CommandResult {
        try await accounts.again {
            let stored = try await accounts.user(request.user)
            var user = stored.value
            var changes = Changes()
            let sentence: String
            switch request.grant {
            case .project(let project, let role?):
                let roles = try await accounts.projectRoles([project: role])
                user.roles[project] = roles[project]
                sentence = "\(user.name) is \(role.rawValue) of project \(project)"
            case .project(let project, nil):
                user.roles[project] = nil
                sentence = "\(user.name) has no role in project \(project)"
            case .administrator(let isOne):
                if !isOne { changes = try await accounts.requireAnotherAdministrator(than: user) }
                user.isAdministrator = isOne
                sentence = "\(user.name) is \(isOne ? "an" : "no") administrator"
            }
            guard user != stored.value else { return .done(sentence + ", as before") }
            try changes.put(user, over: stored)
            try await office.ledger.commit(changes)
            return .done(sentence)
        }
    }

    // MARK: parts

    /// - Throws: `checkFailed` for a principal without an account.
    static func account(_ name: Name?, _ principal: Principal) throws(HoldfastError) -> Name {
        guard let name = name ?? principal.user else {
            throw HoldfastError(
                .checkFailed, "This token stands for no user: name one, or make one with `holdfast user create`")
        }
        return name
    }

    private func newUser(
        _ name: Name, _ mail: MailAddress?, _ isAdministrator: Bool, _ roles: [Name: Role], _ principal: Principal
    ) async throws -> User {
        guard !User.reserved.contains(name.text) else {
            throw HoldfastError(.invalidArgument, "The name \(name) stands for Holdfast's own doings: take another one")
        }
        guard try await office.catalog.get(User.self, name) == nil else {
            throw HoldfastError(.alreadyExists, "There is a user \(name) already")
        }
        return User(
            id: office.identifier(), name: name, mail: mail, isAdministrator: isAdministrator,
            roles: try await accounts.projectRoles(roles), createdAt: office.now, author: principal.name)
    }

    private func detail(of user: User) async throws -> UserDetail {
        UserDetail(user, roles: try await office.roles(of: user))
    }
}

extension User {
    /// Whom the audit names where it was no user.
    fileprivate static let reserved: Set<String> = ["holdfast", "retention", "schedule", "unknown"]
}

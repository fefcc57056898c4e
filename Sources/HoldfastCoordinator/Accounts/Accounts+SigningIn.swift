import HoldfastArchive
import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import Logging

extension Accounts: AccountService {
    package func logIn(
        _ name: String, password: Secret, from origin: Origin, agent: String?
    ) async throws -> NewSession {
        // What can be no name is nobody's.
        let typed = (try? Name(name))?.text ?? "unknown"
        let place = origin.place
        let known = try await (try? Name(name)).asyncMap { try await office.catalog.get(User.self, $0) } ?? nil
        let isRight = try await isRight(
            password, for: known?.value.password, of: typed, from: place, asker: asker(typed, from: place))
        // What is no user's name may be a password, typed in the wrong place.
        let who = known?.value.name.text ?? "unknown"
        return try await office.audited("log in", by: who, from: origin) {
            guard isRight, let name = known?.value.name else { throw Self.refusal }
            let renewed = try await renewedHash(
                password, known?.value.password, for: .known("\(typed) \(place.site)"))
            let begun = try await again {
                let stored = try await user(name)
                // Another password may have been set meanwhile.
                guard stored.value.state == .active, stored.value.password == known?.value.password else {
                    throw Self.refusal
                }
                var user = stored.value
                if let renewed { user.password = renewed }
                return try await begin(user, over: stored, origin, agent)
            }
            attemptSucceeded(typed, from: place)
            return begun
        }
    }

    package func session(bearing token: Secret, isUse: Bool) async throws -> KnownSession? {
        guard let (stored, user) = try await find(token), let principal = try await office.principal(of: user) else {
            return nil
        }
        if isUse { await noteUse(of: stored) }
        let session = stored.value
        let form = office.clusterKey.code(for: Array("\(session.id)/\(session.digest)".utf8), purpose: "form-token")
        return KnownSession(principal: principal, session: session, formToken: Secret(form.hexadecimal))
    }

    package func logOut(_ token: Secret, from origin: Origin) async throws {
        guard let (stored, user) = try await find(token) else { return }
        try await office.audited("log out", by: user.name.text, from: origin) {
            var changes = Changes()
            changes.writes.append(.delete(stored.value))
            try await office.ledger.commit(changes)
        }
    }

    package func invitation(_ link: InvitationLink) async throws -> Name {
        try await find(link).invitation.value.name
    }

    package func accept(
        _ link: InvitationLink, password: Secret, from origin: Origin, agent: String?
    ) async throws -> NewSession {
        let name = try await find(link).invitation.value.name
        try PasswordRule.check(password, of: name)
        let hash = try await office.passwords.hash(password, for: .known("invitation \(name)"))
        return try await office.audited("set password by invitation", by: name.text, from: origin) {
            try await again {
                let (invitation, stored) = try await find(link)
                var user = stored.value
                user.set(hash)
                var changes = try await endings(of: user, tokens: false)
                // Used once: of two at the same time one finds it gone.
                changes.expects.append(.unchanged(invitation))
                return try await begin(user, over: stored, origin, agent, with: changes)
            }
        }
    }

    // MARK: parts

    private static var refusal: HoldfastError {
        HoldfastError(.unauthenticated, "The name or the password is wrong, or the account is closed")
    }

    private func renewedHash(
        _ password: Secret, _ hash: PasswordHash?, for asker: PasswordWork.Asker
    ) async throws -> PasswordHash? {
        guard let hash, office.passwords.isOutdated(hash) else { return nil }
        return try await office.passwords.hash(password, for: asker)
    }

    /// The user is written with it, so that a password that is changed at the same time ends this session, too.
    private func begin(
        _ user: User, over stored: Stored<User>, _ origin: Origin, _ agent: String?, with others: Changes = Changes()
    ) async throws -> NewSession {
        let now = office.clock.now
        let id: SessionID = office.identifier()
        let token = SecretDigest.make("\(Self.sessionPrefix)\(id)_", office.entropy)
        let session = Session(
            id: id, digest: SecretDigest.of(token), user: user, at: now,
            lifetime: office.configuration.sessionLifetime, address: origin.address, agent: agent)
        var user = user
        user.lastLoginAt = now
        var changes = others
        try changes.put(user, over: stored)
        let older = try await office.catalog.all(Session.self, group: user.id.text)
        let surplus = older.count - Self.sessionsPerUser + 1
        for old in older.sorted(by: { $0.value.lastUsedAt < $1.value.lastUsedAt }).prefix(max(0, surplus)) {
            changes.writes.append(.delete(old.value))
        }
        try changes.insert(session)
        try await office.ledger.commit(changes)
        return NewSession(token: token, session: session)
    }

    private func find(_ token: Secret) async throws -> (Stored<Session>, User)? {
        let parts = token.revealed.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] + "_" == Self.sessionPrefix, let id = SessionID(parts[1]),
            parts[2].utf8.count == 2 * SecretDigest.byteCount,
            let stored = try await office.catalog.get(Session.self, id),
            SecretDigest.areEqual(Array(stored.value.digest.utf8), Array(SecretDigest.of(token).utf8)),
            let user = try await office.catalog.get(User.self, stored.value.name)?.value,
            !stored.value.isOver(for: user, at: office.clock.now, idle: office.configuration.sessionIdleTime)
        else { return nil }
        return (stored, user)
    }

    private func noteUse(of stored: Stored<Session>) async {
        let now = office.clock.now
        guard stored.value.lastUsedAt.duration(to: now) >= Self.usePause else { return }
        var session = stored.value
        session.lastUsedAt = now
        var changes = Changes()
        try? changes.put(session, over: stored)
        try? await office.ledger.commit(changes)
    }

    private func find(_ link: InvitationLink) async throws -> (invitation: Stored<Invitation>, user: Stored<User>) {
        guard
            let invitation = try await office.catalog.get(Invitation.self, Invitation.key(link.invitation)),
            links.isGenuine(link, for: invitation.value), invitation.value.expiresAt > office.clock.now,
            let user = try await office.catalog.get(User.self, invitation.value.name),
            user.value.id == invitation.value.user, user.value.disabledAt == nil
        else {
            throw HoldfastError(
                .notFound, "This invitation was used, has expired or is not whole: ask for a new one")
        }
        return (invitation, user)
    }
}

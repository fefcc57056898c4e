import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import Synchronization

/// The cluster's users: how they are made, sign in and go.
package final class Accounts: Sendable {
    static let sessionPrefix = "hfss_"
    static let sessionsPerUser = 20
    /// How often it is written that a session is used.
    static let usePause = Duration.seconds(300)

    let office: Office
    let links: InvitationLinks
    private let limiter = Mutex(LoginLimiter())

    init(office: Office, links: InvitationLinks) {
        self.office = office
        self.links = links
    }

    // MARK: users

    /// - Throws: `notFound`.
    func user(_ name: Name) async throws -> Stored<User> {
        guard let stored = try await office.catalog.get(User.self, name) else {
            throw HoldfastError(.notFound, "There is no user \(name)")
        }
        return stored
    }

    /// - Throws: `notFound` for a project that isn't there.
    func projectRoles(_ roles: [Name: Role]) async throws -> [Name: User.ProjectRole] {
        var given: [Name: User.ProjectRole] = [:]
        for (name, role) in roles {
            given[name] = User.ProjectRole(project: try await office.projects[name].record().value.id, role: role)
        }
        return given
    }

    /// The changes by which everything that acts for the user ends: for the transaction that says why.
    func endings(of user: User, tokens: Bool) async throws -> Changes {
        var changes = Changes()
        for session in try await office.catalog.all(Session.self, group: user.id.text) {
            changes.writes.append(.delete(session.value))
        }
        for invitation in try await invitations(of: user) { changes.writes.append(.delete(invitation.value)) }
        guard tokens else { return changes }
        for token in try await AccessTokens(office: office).all(of: user) {
            changes.writes.append(.delete(token.value))
        }
        return changes
    }

    func invitations(of user: User) async throws -> [Stored<Invitation>] {
        try await office.catalog.all(Invitation.self, scope: Invitation.scope, group: user.id.text)
    }

    /// What a change needs that takes an administrator away, so that one is always left.
    ///
    /// - Throws: `checkFailed` for the last one.
    func requireAnotherAdministrator(than user: User) async throws -> Changes {
        var changes = Changes()
        guard user.isAdministrator, user.state == .active else { return changes }
        let guarding = try await office.catalog.get(Setting<Int>.self, .administrators)
        let others = try await office.catalog.all(User.self).map(\.value)
            .filter { $0.isAdministrator && $0.state == .active && $0.id != user.id }
        guard !others.isEmpty else {
            throw HoldfastError(
                .checkFailed, "\(user.name) is the last administrator who can sign in: make another one first")
        }
        let next = Setting(.administrators, (guarding?.value.value ?? 0) + 1)
        if let guarding { try changes.put(next, over: guarding) } else { try changes.insert(next) }
        return changes
    }

    /// What others wrote at the same time is looked at anew.
    func again<Value>(_ body: () async throws -> Value) async throws -> Value {
        for attempt in 1... {
            do {
                return try await body()
            } catch let error as HoldfastError where error.code == .conflict && attempt < 5 {
                continue
            }
        }
        throw HoldfastError(.conflict, "Others change this account at the same time: try again")
    }

    // MARK: limits

    /// Has a password looked at, which counts as an attempt unless it comes to nothing because too many ask at once.
    ///
    /// - Throws: `busy` for whoever tries too often, and while too many ask.
    func isRight(
        _ password: Secret, for hash: PasswordHash?, of name: String, from place: Place, asker: PasswordWork.Asker
    ) async throws -> Bool {
        try beginAttempt(name, from: place)
        do {
            return try await office.passwords.isRight(password, for: hash, asker: asker)
        } catch {
            limiter.withLock { $0.withdrawn(name, from: place) }
            throw error
        }
    }

    /// Who signed in from there before is not kept waiting by those who never did.
    func asker(_ name: String, from place: Place) -> PasswordWork.Asker {
        limiter.withLock { $0.isKnown(name, from: place) } ? .known("\(name) \(place.site)") : .stranger(place)
    }

    private func beginAttempt(_ name: String, from place: Place) throws(HoldfastError) {
        let uptime = office.time.uptime
        guard case .wait(let time) = limiter.withLock({ $0.begin(name, from: place, at: uptime) }) else { return }
        throw .tooOften("There were too many attempts to sign in", wait: time)
    }

    func attemptSucceeded(_ name: String, from place: Place) {
        let uptime = office.time.uptime
        limiter.withLock { $0.succeeded(name, from: place, at: uptime) }
    }
}

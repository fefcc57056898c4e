import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    private var tokens: AccessTokens { AccessTokens(office: office) }

    func listTokens(_ name: Name?, _ principal: Principal) async throws -> CommandResult {
        if let name { return try await listTokens(of: try await accounts.user(name).value) }
        if principal.isAdministrator { return .accessTokens(Self.details(try await tokens.all())) }
        guard let own = principal.user else { return .accessTokens([]) }
        return try await listTokens(of: try await accounts.user(own).value)
    }

    private func listTokens(of user: User) async throws -> CommandResult {
        .accessTokens(Self.details(try await tokens.all(of: user)))
    }

    private static func details(_ tokens: [Stored<AccessToken>]) -> [AccessTokenDetail] {
        tokens.compactMap { AccessTokenDetail($0.value) }
    }

    func createToken(_ create: TokenCreate, _ principal: Principal) async throws -> CommandResult {
        guard !create.label.isEmpty, create.label.count <= TokenCreate.labelLimit,
            create.label == create.label.printable(limit: TokenCreate.labelLimit)
        else {
            throw HoldfastError(
                .invalidArgument, "A token's label has 1 to \(TokenCreate.labelLimit) printable characters")
        }
        if let seconds = create.validSeconds, !(60...TokenCreate.longestSeconds).contains(seconds) {
            throw HoldfastError(
                .invalidArgument, "A token is valid for one minute to ten years, or until it is revoked")
        }
        let stored = try await accounts.user(try Self.account(create.user, principal))
        let project = try await project(of: create.limits)
        let now = office.clock.now
        let present = try await tokens.all(of: stored.value)
        let expired = present.filter { $0.value.isOver(at: now) }
        guard present.count - expired.count < AccessTokens.perUser else {
            throw HoldfastError(
                .busy, "\(stored.value.name) has \(AccessTokens.perUser) tokens: revoke one of them first")
        }
        // A user who is removed at the same time leaves no token.
        var changes = Changes(expects: [.unchanged(stored)])
        for old in expired { changes.writes.append(.delete(old.value)) }
        let (record, token) = try tokens.make(
            for: stored.value, label: create.label, limits: create.limits, project: project,
            expiresAt: create.validSeconds.map { now.advanced(by: .seconds($0)) }, &changes)
        try await office.ledger.commit(changes)
        guard let detail = AccessTokenDetail(record) else { throw HoldfastError(.internal, "A token has no name") }
        return .accessToken(NewAccessToken(detail: detail, token: token))
    }

    private func project(of limits: TokenLimits) async throws -> ProjectID? {
        guard let name = limits.project else { return nil }
        return try await office.projects[name].record().value.id
    }

    func revokeToken(_ id: AccessTokenID) async throws -> CommandResult {
        guard let stored = try await tokens.token(id) else { throw HoldfastError(.notFound, "There is no token \(id)") }
        var changes = Changes()
        // Also where it was used just now.
        changes.writes.append(.delete(stored.value))
        try await office.ledger.commit(changes)
        return .done("Token \(id) is revoked")
    }

    func listSessions(_ name: Name?, _ principal: Principal) async throws -> CommandResult {
        guard let name = name ?? principal.user else { return .sessions([]) }
        let user = try await accounts.user(name).value
        let now = office.clock.now
        let sessions = try await office.catalog.all(Session.self, group: user.id.text).map(\.value)
            .filter { !$0.isOver(for: user, at: now, idle: office.configuration.sessionIdleTime) }
        return .sessions(sessions.sorted { $0.lastUsedAt > $1.lastUsedAt }.map(SessionDetail.init))
    }

    func revokeSession(_ id: SessionID) async throws -> CommandResult {
        var changes = Changes()
        changes.writes.append(.delete(Session.self, id))
        try await office.ledger.commit(changes)
        return .done("Session \(id) is over")
    }

    func listAudit(_ list: AuditList) async throws -> CommandResult {
        .audit(try await AuditLog(office: office).entries(list))
    }
}

import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension Office {
    /// What a user may now; nil for one who may not sign in.
    func principal(of user: User) async throws -> Principal? {
        guard user.disabledAt == nil else { return nil }
        return Principal(
            name: user.name.text, isAdministrator: user.isAdministrator, roles: try await roles(of: user),
            user: user.name)
    }

    /// The same, as far as the token's limits let through.
    func principal(of user: User, through token: AccessToken) async throws -> Principal? {
        guard var principal = try await principal(of: user) else { return nil }
        let limits = token.limits ?? .none
        principal.token = token.label
        principal.isRecovery = token.isRecovery == true
        principal.isReadOnly = limits.isReadOnly
        principal.isWhole = limits == .none
        guard limits.role != nil || limits.project != nil else { return principal }
        let projects = try await catalog.all(Project.self).map(\.value)
        if principal.isAdministrator {
            principal.isAdministrator = false
            principal.roles = Dictionary(uniqueKeysWithValues: projects.map { ($0.name, .owner) })
        }
        if let role = limits.role { principal.roles = principal.roles.mapValues { min($0, role) } }
        if let project = limits.project {
            let isSame = projects.contains { $0.name == project && $0.id == token.project }
            principal.roles = principal.roles.filter { $0.key == project && isSame }
        }
        return principal
    }

    /// Those in projects that are still the ones the roles were given in.
    func roles(of user: User) async throws -> [Name: Role] {
        var roles: [Name: Role] = [:]
        for (name, given) in user.roles where try await catalog.get(Project.self, name)?.value.id == given.project {
            roles[name] = given.role
        }
        return roles
    }

    /// Whether somebody may look at what is of a project of this name and identifier: of the one there is now, and, unless they
    /// are an administrator, of none before it that had its name.
    func visibility(to principal: Principal) async throws -> @Sendable (Name, ProjectID) -> Bool {
        let present = Dictionary(
            try await catalog.all(Project.self).map { ($0.value.name, $0.value.id) }, uniquingKeysWith: { $1 })
        return { name, id in
            principal.has(.viewer, in: name) && (principal.isAdministrator || present[name] == id)
        }
    }
}

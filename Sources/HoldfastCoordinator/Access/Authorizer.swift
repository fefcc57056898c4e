package import HoldfastCatalog
package import HoldfastCommands
import HoldfastModel

/// Decides whether a principal may give a command. Who has no role in a project doesn't learn what is in it: its backups
/// and jobs are as if there were none.
package struct Authorizer: Sendable {
    let catalog: any Catalog

    package init(catalog: any Catalog) { self.catalog = catalog }

    /// - Throws: `permissionDenied`, or `notFound` for a backup or job that isn't there or is not to be known of.
    package func authorize(_ command: Command, _ principal: Principal) async throws {
        if principal.isReadOnly, command.change != nil {
            throw HoldfastError(.permissionDenied, "This token may only look: use another one for changes")
        }
        for permission in command.permissions {
            switch permission {
            case .anyone: continue
            case .administrator:
                guard principal.isAdministrator else {
                    throw HoldfastError(.permissionDenied, "Only an administrator of the cluster may do this")
                }
            case .role(let role, let project): try require(role, project, principal)
            case .roleForBackup(let role, let id):
                let backup = try await catalog.get(Backup.self, id)?.value
                try await require(role, backup?.project, backup?.environment, "backup \(id)", principal)
            case .roleForJob(let role, let id):
                let job = try await catalog.get(Job.self, id)?.value
                try await require(role, job?.project, job?.environment, "job \(id)", principal)
            case .roleForDownload(let role, let id):
                let download = try await catalog.get(Download.self, id)?.value
                try await require(role, download?.project, download?.environment, "download \(id)", principal)
            case .roleForNotices(let role, let id):
                let unknown = HoldfastError(.notFound, "There is no receiver of notices \(id)")
                guard let target = try await catalog.get(NoticeTarget.self, id)?.value else { throw unknown }
                guard let place = target.project else {
                    if principal.isAdministrator { continue }
                    throw unknown
                }
                try await require(role, place.id, of: place.name, "receiver of notices \(id)", principal)
            case .user(let name): try requireAccount(name, principal)
            case .ownAccount: try requireAccount(principal.user, principal)
            case .userOfToken(let id):
                let token = try await catalog.all(AccessToken.self, scope: AccessToken.scope).first {
                    $0.value.id == id
                }
                guard let token, mayHave(token.value.user, principal) else {
                    throw HoldfastError(.notFound, "There is no token \(id)")
                }
            case .userOfSession(let id):
                let session = try await catalog.get(Session.self, id)?.value
                guard let session, mayHave(session.name, principal) else {
                    throw HoldfastError(.notFound, "There is no session \(id)")
                }
            }
        }
    }

    /// What a change is about, for the audit; nil where that is no project, or none that is there.
    func project(of command: Command) async throws -> (name: Name, id: ProjectID)? {
        for permission in command.permissions.reversed() {
            let name: Name?
            switch permission {
            case .anyone, .administrator, .user, .ownAccount, .userOfToken, .userOfSession: continue
            case .role(_, let project): name = project
            case .roleForBackup(_, let id): name = try await catalog.get(Backup.self, id)?.value.environment.project
            case .roleForNotices(_, let id): name = try await catalog.get(NoticeTarget.self, id)?.value.project?.name
            case .roleForJob(_, let id): name = try await catalog.get(Job.self, id)?.value.environment.project
            case .roleForDownload(_, let id):
                name = try await catalog.get(Download.self, id)?.value.environment.project
            }
            guard let name, let project = try await catalog.get(Project.self, name)?.value else { continue }
            return (name, project.id)
        }
        return nil
    }

    private func mayHave(_ user: Name?, _ principal: Principal) -> Bool {
        principal.isAdministrator || (principal.isWhole && user != nil && user == principal.user)
    }

    private func requireAccount(_ name: Name?, _ principal: Principal) throws {
        guard principal.isAdministrator || name != nil && name == principal.user else {
            throw HoldfastError(.permissionDenied, "Only the user themself or an administrator may do this")
        }
        guard principal.isWhole else {
            throw HoldfastError(
                .permissionDenied, "A token with limits can't change the account: sign in, or use one without")
        }
    }

    private func require(
        _ role: Role, _ owner: ProjectID?, _ environment: EnvironmentReference?, _ what: String, _ principal: Principal
    ) async throws {
        guard let owner, let project = environment?.project else {
            throw HoldfastError(.notFound, "There is no \(what)")
        }
        try await require(role, owner, of: project, what, principal)
    }

    private func require(
        _ role: Role, _ owner: ProjectID, of project: Name, _ what: String, _ principal: Principal
    ) async throws {
        let unknown = HoldfastError(.notFound, "There is no \(what)")
        if principal.isAdministrator { return }
        guard principal.has(.viewer, in: project) else { throw unknown }
        // A new project under an old name gives no right to what the old one left.
        guard try await catalog.get(Project.self, project)?.value.id == owner else { throw unknown }
        try require(role, project, principal)
    }

    private func require(_ role: Role, _ project: Name, _ principal: Principal) throws {
        guard principal.has(role, in: project) else {
            throw HoldfastError(
                .permissionDenied, "This needs the role of \(role) in project \(project): ask one of its owners")
        }
    }
}

import HoldfastCommands
import HoldfastModel
import Synchronization

/// Lets one token and one session in, remembers what it was asked, and answers with a sentence.
final class FakeWebService: CommandService, AccountService {
    static let token = "hfat_good"
    static let cookie = "hfss_good"
    static let form = "form_good"

    private let state = Mutex<(commands: [Command], origins: [Origin], failure: HoldfastError?)>(([], [], nil))

    /// Where each was performed.
    let executors = Mutex<[UnownedTaskExecutor?]>([])

    var commands: [Command] { state.withLock(\.commands) }
    var origins: [Origin] { state.withLock(\.origins) }

    func fail(with error: HoldfastError?) { state.withLock { $0.failure = error } }

    func perform(
        _ command: Command, as principal: Principal, from origin: Origin,
        report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor }
        executors.withLock { $0.append(executor) }
        let failure = state.withLock { state in
            state.commands.append(command)
            state.origins.append(origin)
            return state.failure
        }
        if let failure { throw failure }
        if case .projectList = command {
            let names = ["a", "b", "c", "d", "e"].compactMap { try? Name($0) }
            return .projects(names.map { ProjectSummary(name: $0, environments: [], backups: 0, lastBackup: nil) })
        }
        return .done("Done")
    }

    func perform(
        _ command: Command, as principal: Principal, from origin: Origin, once key: String
    ) async throws -> (result: CommandResult, isRepeated: Bool) {
        (try await perform(command, as: principal, from: origin) { _ in }, false)
    }

    func principal(bearing token: Secret) async throws -> Principal? {
        token.revealed == Self.token ? Principal(name: "anna", isAdministrator: true) : nil
    }

    func session(bearing token: Secret) async throws -> KnownSession? {
        guard token.revealed == Self.cookie else { return nil }
        let user = User(id: .zero, name: try Name("anna"), createdAt: SampleSource.now, author: "x")
        let session = Session(
            id: .zero, digest: "", user: user, at: SampleSource.now, lifetime: .seconds(60), address: nil, agent: nil)
        return KnownSession(
            principal: Principal(name: "anna", isAdministrator: true), session: session, formToken: Secret(Self.form))
    }

    func logIn(_ name: String, password: Secret, from origin: Origin, agent: String?) async throws -> NewSession {
        throw HoldfastError(.unauthenticated, "no")
    }

    func logOut(_ token: Secret, from origin: Origin) async throws {}

    func invitation(_ link: InvitationLink) async throws -> Name { throw HoldfastError(.notFound, "no") }

    func accept(
        _ link: InvitationLink, password: Secret, from origin: Origin, agent: String?
    ) async throws -> NewSession { throw HoldfastError(.notFound, "no") }
}

extension ID {
    fileprivate static var zero: ID {
        guard let id = ID("000000000000") else { preconditionFailure("an identifier") }
        return id
    }
}

import HoldfastCommands
import HoldfastModel
import Synchronization

/// Lets two tokens and one session in, remembers what it was asked, and answers with a sentence, a list or a job that never
/// ends.
final class FakeWebService: CommandService, AccountService {
    static let token = "hfat_good"
    static let otherToken = "hfat_other"
    static let cookie = "hfss_good"
    static let form = "form_good"

    private let state = Mutex<(commands: [Command], origins: [Origin], failure: HoldfastError?)>(([], [], nil))

    struct Habits {
        /// Who is let in no more.
        var shutOut = false
        /// How long the sentences are that it answers with.
        var answerBytes = 4
        /// What a job that is watched tells, again and again.
        var noise: String?
        /// How long a list takes.
        var listTime = Duration.zero
        var watched = 0
    }

    let habits = Mutex(Habits())

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
            try await Task.sleep(for: habits.withLock(\.listTime))
            let names = ["a", "b", "c", "d", "e"].compactMap { try? Name($0) }
            return .projects(names.map { ProjectSummary(name: $0, environments: [], backups: 0, lastBackup: nil) })
        }
        if case .jobShow(let id) = command { return .job(Self.job(id)) }
        if case .jobWatch(let id) = command {
            habits.withLock { $0.watched += 1 }
            defer { habits.withLock { $0.watched -= 1 } }
            while let noise = habits.withLock(\.noise) {
                try Task.checkCancellation()
                await report(.note(noise))
                await Task.yield()
            }
            try await Task.sleep(for: .seconds(3600))
            return .job(Self.job(id))
        }
        return .done(habits.withLock { String(repeating: "Done", count: $0.answerBytes / 4) })
    }

    private static func job(_ id: JobID) -> JobDetail {
        guard let environment = try? EnvironmentReference("shop/live") else { preconditionFailure("an environment") }
        return JobDetail(
            summary: JobSummary(
                id: id, kind: .backup, environment: environment, status: .running, step: "capture", author: "anna",
                createdAt: SampleSource.now), journal: [])
    }

    static let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 3) }

    func open(_ get: BackupGet, as principal: Principal, from origin: Origin) async throws -> BackupContent {
        _ = try await perform(.backupGet(get), as: principal, from: origin) { _ in }
        let head = ContentHead(
            backup: get.backup, service: ServiceReference(.media), form: .file, name: "ä\"x.html",
            type: "application/octet-stream", bytes: Int64(Self.content.count), tag: "00ff",
            capturedAt: SampleSource.now)
        return BackupContent(head: head) { range, give in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: 1000) {
                try await give(Array(Self.content[Int(start)..<Int(min(start + 1000, range.upperBound))]))
            }
        }
    }

    func requireReady() async throws {
        if let failure = state.withLock(\.failure) { throw failure }
    }

    func perform(
        _ command: Command, as principal: Principal, from origin: Origin, once key: String
    ) async throws -> (result: CommandResult, isRepeated: Bool) {
        (try await perform(command, as: principal, from: origin) { _ in }, false)
    }

    func principal(bearing token: Secret) async throws -> Principal? {
        guard !habits.withLock(\.shutOut) else { return nil }
        return switch token.revealed {
        case Self.token: Principal(name: "anna", isAdministrator: true)
        case Self.otherToken: Principal(name: "bob", isAdministrator: true)
        default: nil
        }
    }

    func session(bearing token: Secret, isUse: Bool) async throws -> KnownSession? {
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

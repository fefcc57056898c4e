import HoldfastCommands
import HoldfastModel
import Synchronization

@testable import HoldfastConsole

/// Answers with the samples, checks permissions that need no look-up, and remembers what it was asked.
final class FakeService: CommandService {
    private struct Memory {
        var commands: [Command] = []
        var cancelled = 0
        var reports = 0
        var tokens: [String] = []
    }

    private let memory = Mutex(Memory())
    /// Told when a watch was cancelled.
    let watchEnded: AsyncStream<Void>
    private let endSignal: AsyncStream<Void>.Continuation

    init() { (watchEnded, endSignal) = AsyncStream.makeStream() }

    var commands: [Command] { memory.withLock { $0.commands } }
    /// What was shown for a token.
    var tokens: [String] { memory.withLock { $0.tokens } }
    var reports: Int { memory.withLock { $0.reports } }

    func principal(bearing token: Secret) async throws -> Principal? {
        memory.withLock { $0.tokens.append(token.revealed) }
        return switch token.revealed {
        case "admin-token": Principal(name: "anna", isAdministrator: true)
        case "viewer-token": Principal(name: "vera", roles: [Samples.name("shop"): .viewer])
        default: nil
        }
    }

    func requireReady() async throws {}

    func perform(
        _ command: Command, as principal: Principal, from origin: Origin, once key: String
    ) async throws -> (result: CommandResult, isRepeated: Bool) {
        (try await perform(command, as: principal, from: origin) { _ in }, false)
    }

    func perform(
        _ command: Command, as principal: Principal, from origin: Origin,
        report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        for permission in command.permissions {
            if case .role(let role, let project) = permission, !principal.has(role, in: project) {
                throw HoldfastError(.permissionDenied, "\(principal.name) is no \(role) of \(project)")
            }
        }
        memory.withLock { $0.commands.append(command) }
        switch command {
        case .backupCreate:
            for event in Samples.events { await report(event) }
            return .backup(BackupDetail(backup: Samples.backup, nodeNames: [:], restores: []))
        case .backupList: return .backups([Samples.backup])
        case .backupShow: return .backup(BackupDetail(backup: Samples.backup, nodeNames: [:], restores: []))
        case .backupGet(let get): return try await give(get, report)
        case .backupVerify(let backup): throw HoldfastError(.notFound, "There is no backup \(backup)")
        case .restorePlan: return .restorePlan(Samples.plan)
        case .restoreStart, .restoreShow, .restoreUndo: return .restore(Samples.restore)
        case .environmentCheck(let environment): return .check(environment, Samples.report)
        case .jobWatch:
            defer { endSignal.yield() }
            // Reports without end, as fast as they are taken.
            while !Task.isCancelled {
                memory.withLock { $0.reports += 1 }
                await report(.note(String(repeating: "x", count: 60_000)))
                await Task.yield()
            }
            throw CancellationError()
        default: return .done("Done: \(command.line)")
        }
    }

    func open(_ get: BackupGet, as principal: Principal, from origin: Origin) async throws -> BackupContent {
        BackupContent(head: Samples.content) { range, give in
            try await give(Array(Samples.contentBytes[Int(range.lowerBound)..<Int(range.upperBound)]))
        }
    }

    /// By its path it gives too little, something else, or breaks off.
    private func give(_ get: BackupGet, _ report: @Sendable (CommandEvent) async -> Void) async throws -> CommandResult
    {
        let bytes = Samples.contentBytes
        await report(.content(Samples.content))
        let sent = get.what.path == "short" ? bytes.dropLast() : bytes[...]
        for start in stride(from: 0, to: sent.count, by: 100_000) {
            await report(.piece(Array(sent[start..<min(start + 100_000, sent.count)])))
        }
        if get.what.path == "broken" { throw HoldfastError(.corrupt, "A chunk is damaged") }
        let sum = get.what.path == "other" ? String(repeating: "0", count: 64) : Samples.contentSum
        return .given(GivenContent(content: Samples.content, sha256: sum))
    }
}

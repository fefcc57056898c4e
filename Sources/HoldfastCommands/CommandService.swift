package import HoldfastModel

/// Performs commands. The coordinator implements it; every way in calls it.
package protocol CommandService: Sendable {
    /// - Parameter origin: where it was asked from, for the audit.
    /// - Throws: `permissionDenied` before anything else is looked at, where the principal lacks a permission; the job's
    ///   own error where the command waited for a job that failed.
    func perform(
        _ command: Command, as principal: Principal, from origin: Origin,
        report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult

    /// The same at most once for each key of a principal, within a day: whoever asks again with the key gets the first
    /// answer.
    ///
    /// - Throws: `checkFailed` for another command under the same key; `conflict` while the first one is at work.
    func perform(
        _ command: Command, as principal: Principal, from origin: Origin, once key: String
    ) async throws -> (result: CommandResult, isRepeated: Bool)

    /// Finds what `get` asks for, for whoever takes its bytes in ranges. Checked and audited as the command is; performing
    /// the command gives all of it, piece by piece, as events.
    ///
    /// - Throws: as `perform`.
    func open(_ get: BackupGet, as principal: Principal, from origin: Origin) async throws -> BackupContent

    /// Who bears this token; nil for a token that is unknown or expired, or whose user may not sign in. To be asked anew
    /// for each command: what somebody may can change.
    func principal(bearing token: Secret) async throws -> Principal?

    /// Whether commands can be performed here. Costs little, for machines that ask often.
    ///
    /// - Throws: `deposed` where another coordinator leads; what the catalog says where it can't be read.
    func requireReady() async throws
}

extension CommandService {
    /// The longest key, in bytes; keys are printable ASCII.
    package static var keyLimit: Int { 200 }

    package func perform(
        _ command: Command, as principal: Principal, report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        try await perform(command, as: principal, from: .local, report: report)
    }
}

/// What a command that takes long tells on the way.
package enum CommandEvent: Codable, Hashable, Sendable {
    case accepted(Accepted)
    /// The job reached a step.
    case step(String)
    case progress(Progress)
    case waiting(String)
    case note(String)
    /// What the pieces that follow are of.
    case content(ContentHead)
    /// The next bytes of it.
    case piece([UInt8])

    /// Whether it is what was asked for, rather than how far it is.
    package var isContent: Bool {
        switch self {
        case .content, .piece: true
        case .accepted, .step, .progress, .waiting, .note: false
        }
    }
}

package import HoldfastModel

/// Performs commands. The coordinator implements it; every way in calls it.
package protocol CommandService: Sendable {
    /// - Throws: `permissionDenied` before anything else is looked at, where the principal lacks a permission; the job's
    ///   own error where the command waited for a job that failed.
    func perform(
        _ command: Command, as principal: Principal, report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult

    /// Who bears this token; nil for a token that is unknown or expired.
    func principal(bearing token: Secret) async throws -> Principal?
}

/// What a command that takes long tells on the way.
package enum CommandEvent: Codable, Hashable, Sendable {
    case accepted(Accepted)
    /// The job reached a step.
    case step(String)
    case progress(Progress)
    case waiting(String)
    case note(String)
}

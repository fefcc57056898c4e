import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel

/// What one kind of job does for each action of its machine. The driver owns the journal; the work only acts.
package protocol JobWork: Actor {
    associatedtype Machine: JobMachine

    /// What the job needs a place on while it performs the action; nil for an action that no worker works for.
    func demand(for action: Machine.Action, of machine: Machine) async throws -> QueueDemand?

    /// Whether the action's work tells its progress, so that it is given up when it makes none.
    nonisolated func isWatched(_ action: Machine.Action) -> Bool

    /// Performs the action and says what came of it. May be called again for the same action after a crash.
    ///
    /// - Throws: `Obstacle` where it has to wait, or the error that the machine is to be told.
    func perform(
        _ action: Machine.Action, of machine: Machine, report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<Machine.Event>

    /// What belongs into the transaction that takes the machine from one state to the next.
    func changes(from old: Machine, to new: Machine) async throws -> Changes

    /// The machine's new state is durable; nothing is left to do with what the old one needed.
    func reached(_ machine: Machine) async
}

extension JobWork {
    package func demand(for action: Machine.Action, of machine: Machine) async throws -> QueueDemand? { nil }
    package nonisolated func isWatched(_ action: Machine.Action) -> Bool { false }
}

/// What came of an action, and what is to be written in the same transaction as the machine's next state.
package struct Outcome<Event: Sendable>: Sendable {
    package var event: Event
    package var changes: Changes

    package init(_ event: Event, changes: Changes = Changes()) {
        self.event = event
        self.changes = changes
    }
}

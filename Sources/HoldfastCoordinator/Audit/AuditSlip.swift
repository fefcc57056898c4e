import HoldfastCatalog
import HoldfastModel
import Synchronization

/// The row of the audit that a change writes.
///
/// It travels with the task that makes the change, and the first transaction of that task takes it along: no change that
/// was accepted is without its row, and none that was not made has one that says so. What a job does later, in tasks of
/// its own, is told by its journal.
package final class AuditSlip: Sendable {
    private struct State {
        var entry: AuditEntry
        var isWritten = false
        /// What else is to be known once the change is made.
        var answer: StoredAnswer?
    }

    @TaskLocal package static var current: AuditSlip?

    private let state: Mutex<State>

    init(_ entry: AuditEntry, answer: StoredAnswer?) { state = Mutex(State(entry: entry, answer: answer)) }

    var entry: AuditEntry { state.withLock(\.entry) }
    var isWritten: Bool { state.withLock(\.isWritten) }

    /// What is to be written beside `writes`; nothing where it is written already.
    func rows(beside writes: [Write]) throws -> [Write] {
        let present: State? = state.withLock { state in
            guard !state.isWritten else { return nil }
            for case .put(let key, _, _, _, _) in writes where key.kind == .job && state.entry.job == nil {
                state.entry.job = JobID(key.key)
            }
            state.answer?.job = state.entry.job
            return state
        }
        guard let present else { return [] }
        return [try .put(present.entry)] + (try present.answer.map { [try .put($0)] } ?? [])
    }

    func wasWritten() { state.withLock { $0.isWritten = true } }

    /// The entry to write for a change that failed; nil where a job was accepted, which tells its end itself.
    func failed(_ error: HoldfastError) -> AuditEntry? {
        state.withLock { state in
            if state.isWritten, state.entry.job != nil { return nil }
            state.entry.job = nil
            state.entry.result = AuditEntry.Result(error)
            return state.entry
        }
    }
}

/// What a run has found wrong. The first finding ends it: what follows from a broken promise tells nothing new.
final class Findings: @unchecked Sendable {
    // Touched by the executor's one thread.
    private(set) var first: Violation?

    func report(_ promise: String, _ what: String) {
        Trace.shared.note(.check, "VIOLATED \(promise): \(what)")
        if first == nil { first = Violation(promise: promise, what: what) }
    }
}

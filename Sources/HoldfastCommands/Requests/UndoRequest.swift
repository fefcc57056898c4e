package import HoldfastModel

package struct UndoRequest: Hashable, Codable, Sendable {
    package var restore: JobID
    /// An undo overwrites, too, so it takes a safety backup unless a person asked to go without.
    package var withoutSafety: Bool
    package var wait: Bool

    package init(restore: JobID, withoutSafety: Bool = false, wait: Bool = true) {
        self.restore = restore
        self.withoutSafety = withoutSafety
        self.wait = wait
    }
}

extension Backup {
    /// Whether nobody can have it back any more, so that its objects may go: it was deleted and the time to take it back
    /// is over, or it never became complete.
    package func isDead(at now: Timestamp) -> Bool {
        // No node would give it up.
        if receipt?.isLocked(at: now) ?? false { return false }
        return switch state {
        case .running, .complete: false
        case .failed, .cancelled: true
        case .deleted: (removableAt ?? deletedAt).map { $0 <= now } ?? true
        }
    }

    /// Whether a clock has to say from when on it can't be taken back any more.
    package var hasWindow: Bool { state == .deleted && removableAt != nil && removableAt != deletedAt }
}

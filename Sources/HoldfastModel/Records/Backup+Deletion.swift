extension Backup {
    /// Can be taken back only as long as so much of its window is left: whoever collects its objects may have begun.
    package static let takingBackMargin = Duration.seconds(600)

    /// Marks it as deleted; what it refers to is collected once the window is over.
    package mutating func delete(at now: Timestamp, windowDays: Int, reason: String) {
        state = .deleted
        deletedAt = now
        removableAt = now.advanced(by: .seconds(windowDays * 86_400))
        deletionReason = reason
    }

    /// Whether it is deleted, and can be taken back still.
    package func canBeTakenBack(at now: Timestamp) -> Bool {
        guard state == .deleted, removedAt == nil, let removableAt else { return false }
        return now.advanced(by: Self.takingBackMargin) < removableAt
    }

    /// Whether all that it refers to is there, so that it can be looked into.
    package func isStored(at now: Timestamp) -> Bool {
        state == .complete || receipt != nil && canBeTakenBack(at: now)
    }

    /// Makes it what it was before it was deleted.
    ///
    /// - Throws: `conflict` where its window is over, or it isn't deleted.
    package mutating func takeBack(at now: Timestamp) throws(HoldfastError) {
        guard state == .deleted else {
            throw HoldfastError(.conflict, "Backup \(id) is \(state.rawValue), not deleted")
        }
        guard canBeTakenBack(at: now) else {
            throw HoldfastError(
                .conflict,
                "Backup \(id) can't be taken back any more: what was deleted can be until \((removableAt ?? deletedAt ?? now).plain) UTC"
            )
        }
        state = receipt != nil ? .complete : failure != nil ? .failed : .cancelled
        deletedAt = nil
        self.removableAt = nil
        deletionReason = nil
    }
}

/// The generations of scheduled backups, from the youngest to the oldest. Each is kept for a while, and regularly one of
/// it becomes one of the next: grandfather, father, son.
package enum RetentionLabel: String, Codable, Comparable, Sendable, CaseIterable {
    case hourly, daily, weekly, monthly

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .hourly: 0
        case .daily: 1
        case .weekly: 2
        case .monthly: 3
        }
    }
}

/// The label that a backup's part of one service bears.
package struct PartLabel: Hashable, Codable, Sendable {
    package var service: ServiceReference
    /// Nil where the rules let the part go, and another part of the backup is still to be kept.
    package var label: RetentionLabel?
    /// When the backup came that made it so: the backup itself, or the one that moved it up.
    package var since: Timestamp

    package init(service: ServiceReference, label: RetentionLabel?, since: Timestamp) {
        self.service = service
        self.label = label
        self.since = since
    }
}

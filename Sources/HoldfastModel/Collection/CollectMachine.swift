/// Decides what a collection of one project does next. Its state is journalled before each action is performed, and every
/// action may be performed again after a crash: what it decides on is gathered anew from the nodes each time.
package struct CollectMachine: Hashable, Codable, Sendable {
    /// The steps, in order; the journal's own list.
    package enum Step: String, Codable, Sendable, CaseIterable {
        case mark, bury, condemn, settle, delete, ended
    }

    package enum Action: Hashable, Sendable {
        /// Mark in the catalog which backups are dead, so that none is taken back any more.
        case mark
        /// Store a tombstone of each dead backup on the nodes.
        case bury
        /// Condemn the shards that no backup needs.
        case condemn
        /// Wait until these backups, begun before the condemning was done, have ended.
        case settle([JobID])
        /// Look again, and delete what is condemned and still not needed.
        case delete
    }

    package enum Event: Hashable, Sendable {
        case marked(backups: Int)
        case buried(tombstones: Int)
        /// - Parameters:
        ///   - unknown: backups on the nodes that the catalog does not know; they are kept.
        ///   - awaiting: the backups that were under way when the last shard had been condemned.
        case condemned(shards: Int, unknown: [BackupID], awaiting: [JobID])
        case settled
        case deleted(CollectReport)
        case failed(HoldfastError)
        case lost
        case cancelled
    }

    package enum Ending: Hashable, Codable, Sendable {
        case finished(CollectReport)
        case failed(HoldfastError)
        case cancelled
    }

    package static let attemptLimit = 3

    package private(set) var step = Step.mark
    package private(set) var attempt = 1
    package private(set) var removedBackups = 0
    package private(set) var unknown: [BackupID] = []
    package private(set) var awaiting: [JobID] = []
    package private(set) var ending: Ending?

    package init() {}

    package var action: Action? {
        switch step {
        case .mark: .mark
        case .bury: .bury
        case .condemn: .condemn
        case .settle: .settle(awaiting)
        case .delete: .delete
        case .ended: nil
        }
    }

    /// What was condemned and not deleted keeps its readers; the next collection decides on it.
    package var isCancellable: Bool { step != .ended }

    package mutating func apply(_ event: Event) {
        switch (step, event) {
        case (.ended, _), (_, .lost): break
        case (.mark, .marked(let backups)):
            removedBackups = backups
            go(to: .bury)
        case (.bury, .buried): go(to: .condemn)
        case (.condemn, .condemned(_, let unknown, let awaiting)):
            (self.unknown, self.awaiting) = (unknown, awaiting)
            go(to: .settle)
        case (.settle, .settled): go(to: .delete)
        case (.delete, .deleted(var report)):
            (report.backups, report.unknown) = (removedBackups, unknown)
            end(.finished(report))
        case (_, .failed(let error)):
            if error.isWorthRepeating, attempt < Self.attemptLimit { attempt += 1 } else { end(.failed(error)) }
        case (_, .cancelled): end(.cancelled)
        // An answer to another step's action.
        default: break
        }
    }

    private mutating func go(to next: Step) { (step, attempt) = (next, 1) }

    private mutating func end(_ ending: Ending) {
        self.ending = ending
        step = .ended
    }
}

extension CollectMachine.Step {
    /// The step in people's words.
    package var title: String { self == .settle ? "waiting for backups" : rawValue }
}

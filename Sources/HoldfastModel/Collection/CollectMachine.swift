/// Decides what a collection of one project does next. Its state is journalled before each action is performed, and every
/// action may be performed again after a crash: what it decides on is gathered anew from the nodes each time.
package struct CollectMachine: Hashable, Codable, Sendable {
    /// The steps, in order; the journal's own list.
    package enum Step: String, Codable, Sendable, CaseIterable {
        case mark, bury, rewrite, retire, condemn, settle, delete, ended
    }

    package enum Action: Hashable, Sendable {
        /// Mark in the catalog which backups are dead, so that none is taken back any more.
        case mark
        /// Store a tombstone of each dead backup on the nodes.
        case bury
        /// Copy what is needed of mostly dead shards into new ones, and have the backups read by these.
        case rewrite
        /// Give up the reference lists that others have taken the place of.
        case retire
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
        /// - Parameter problems: why some could not be rewritten now.
        case rewritten(CollectReport.Rewriting?, problems: [String])
        case retired(lists: Int, problems: [String])
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
    /// Absent in jobs from before shards were rewritten, as is the next.
    package private(set) var rewriting: CollectReport.Rewriting?
    private var rewriteProblems: [String]?
    package private(set) var awaiting: [JobID] = []
    package private(set) var ending: Ending?

    package init() {}

    package var action: Action? {
        switch step {
        case .mark: .mark
        case .bury: .bury
        case .rewrite: .rewrite
        case .retire: .retire
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
        case (.bury, .buried): go(to: .rewrite)
        case (.rewrite, .rewritten(let rewriting, let problems)):
            self.rewriting = rewriting
            goOn(to: .retire, problems)
        case (.retire, .retired(_, let problems)): goOn(to: .condemn, problems)
        case (.condemn, .condemned(_, let unknown, let awaiting)):
            (self.unknown, self.awaiting) = (unknown, awaiting)
            go(to: .settle)
        case (.settle, .settled): go(to: .delete)
        case (.delete, .deleted(var report)):
            (report.backups, report.unknown, report.rewriting) = (removedBackups, unknown, rewriting)
            report.problems = (rewriteProblems ?? []) + report.problems
            end(.finished(report))
        case (_, .failed(let error)):
            if error.isWorthRepeating, attempt < Self.attemptLimit { attempt += 1 } else { giveUp(error) }
        case (_, .cancelled): end(.cancelled)
        // An answer to another step's action.
        default: break
        }
    }

    /// What can't be rewritten is no reason to keep what is wholly dead.
    private mutating func giveUp(_ error: HoldfastError) {
        let problem = "Shards of which little is needed stay for now: \(error.message)"
        switch step {
        case .rewrite: goOn(to: .retire, [problem])
        case .retire: goOn(to: .condemn, [problem])
        default: end(.failed(error))
        }
    }

    private mutating func goOn(to next: Step, _ problems: [String]) {
        if !problems.isEmpty { rewriteProblems = (rewriteProblems ?? []) + problems }
        go(to: next)
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

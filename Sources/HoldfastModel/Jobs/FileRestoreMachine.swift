/// Decides what a job does next that puts one file or directory of a backup into a media tree: reserve the destination, make
/// it beside its place and put it there in one step, tidy up.
///
/// Nothing that is there is lost: where it is to be replaced, it is kept beside under another name.
package struct FileRestoreMachine: Hashable, Codable, Sendable {
    package struct Plan: Hashable, Codable, Sendable {
        package var backup: BackupID
        package var source: ServiceReference
        /// In the backup, from the media's root; escaped.
        package var path: String
        package var destination: EnvironmentReference
        package var service: ServiceReference
        /// Where it goes, from the destination's root; escaped.
        package var place: String
        /// Whether what is there makes way.
        package var replaces: Bool
        /// Whose worker does it, from the beginning to the end.
        package var node: NodeID

        package init(
            backup: BackupID, source: ServiceReference, path: String, destination: EnvironmentReference,
            service: ServiceReference, place: String, replaces: Bool, node: NodeID
        ) {
            self.backup = backup
            self.source = source
            self.path = path
            self.destination = destination
            self.service = service
            self.place = place
            self.replaces = replaces
            self.node = node
        }
    }

    package enum Step: String, Codable, Sendable, CaseIterable {
        case claim, place, tidy, ended
    }

    package enum Action: Hashable, Sendable {
        case claim, place, tidy
    }

    package enum Event: Hashable, Sendable {
        case claimed
        case placed(FileRestoreReport)
        /// Nothing is left beside the place. The report is of what was placed, where that has happened.
        case tidied(FileRestoreReport?)
        case failed(HoldfastError)
        case lost
        case cancelled
    }

    package enum Ending: Hashable, Codable, Sendable {
        case finished(FileRestoreReport)
        case failed(HoldfastError)
        case cancelled
    }

    package static let attemptLimit = 3

    package let plan: Plan
    package private(set) var step = Step.claim
    package private(set) var attempt = 1
    package private(set) var ending: Ending?
    /// What the job comes to once nothing is left beside.
    private var outcome: Ending?

    package init(plan: Plan) { self.plan = plan }

    package var action: Action? {
        switch step {
        case .claim: .claim
        case .place: .place
        case .tidy: .tidy
        case .ended: nil
        }
    }

    /// Whether the destination is reserved.
    package var holdsClaim: Bool { step == .place || step == .tidy }

    package mutating func apply(_ event: Event) {
        switch (step, event) {
        case (.claim, .claimed): go(to: .place)
        case (.claim, .failed(let error)):
            if !repeats(after: error) { end(.failed(error)) }
        case (.claim, .cancelled): end(.cancelled)
        case (.place, .placed(let report)):
            outcome = .finished(report)
            go(to: .tidy)
        case (.place, .failed(let error)) where !repeats(after: error):
            outcome = .failed(error)
            go(to: .tidy)
        case (.place, .cancelled):
            outcome = .cancelled
            go(to: .tidy)
        case (.tidy, .tidied(let report)): end(settled(report))
        // What is beside the place must not be left there because a node is away.
        case (.tidy, .failed(let error)):
            if error.isWorthRepeating {
                attempt += 1
            } else if !repeats(always: true) {
                end(outcome ?? .failed(error))
            }
        default: break
        }
    }

    /// Called off, or failed by its answer alone, it may have been placed before.
    private func settled(_ report: FileRestoreReport?) -> Ending {
        if case .finished = outcome { return outcome ?? .cancelled }
        return report.map { .finished($0) } ?? outcome ?? .cancelled
    }

    private mutating func repeats(after error: HoldfastError) -> Bool {
        error.isWorthRepeating && repeats(always: true)
    }

    private mutating func repeats(always: Bool) -> Bool {
        guard attempt < Self.attemptLimit else { return false }
        attempt += 1
        return true
    }

    private mutating func go(to next: Step) { (step, attempt) = (next, 1) }

    private mutating func end(_ ending: Ending) {
        self.ending = ending
        step = .ended
    }
}

/// What was put into a media tree.
package struct FileRestoreReport: Hashable, Codable, Sendable {
    /// From the tree's root, escaped.
    package var place: String
    package var counts: MediaCounts
    /// What was there before is called this now, beside it; nil where the place was free.
    package var keptAs: String?
    package var warnings: Warnings

    package init(place: String, counts: MediaCounts, keptAs: String? = nil, warnings: Warnings = Warnings()) {
        self.place = place
        self.counts = counts
        self.keptAs = keptAs
        self.warnings = warnings
    }
}

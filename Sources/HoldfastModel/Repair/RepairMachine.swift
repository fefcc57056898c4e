/// Decides what the repair of one project does next: make the copies that are missing, then let go of those that are no
/// longer needed. What it decides on is gathered anew from the nodes for each action, so that every action may be performed
/// again after a crash.
package struct RepairMachine: Hashable, Codable, Sendable {
    package enum Step: String, Codable, Sendable, CaseIterable {
        case copy, drop, ended
    }

    package enum Action: Hashable, Sendable {
        /// Find what lies where, and make the copies that are missing.
        case copy
        /// Look again, and delete copies that others hold in their place.
        case drop
    }

    package enum Event: Hashable, Sendable {
        case copied(RepairReport)
        case dropped(RepairReport)
        case failed(HoldfastError)
        case lost
        case cancelled
    }

    package enum Ending: Hashable, Codable, Sendable {
        case finished(RepairReport)
        case failed(HoldfastError)
        case cancelled
    }

    package static let attemptLimit = 3

    package private(set) var step = Step.copy
    package private(set) var attempt = 1
    package private(set) var report = RepairReport()
    package private(set) var ending: Ending?

    package init() {}

    package var action: Action? {
        switch step {
        case .copy: .copy
        case .drop: .drop
        case .ended: nil
        }
    }

    /// A copy more than is needed does no harm.
    package var isCancellable: Bool { step != .ended }

    package mutating func apply(_ event: Event) {
        switch (step, event) {
        case (.ended, _), (_, .lost): break
        case (.copy, .copied(let report)):
            self.report = report
            (step, attempt) = (.drop, 1)
        case (.drop, .dropped(let second)):
            var report = second
            (report.copied, report.copiedBytes) = (self.report.copied, self.report.copiedBytes)
            report.completed = self.report.completed
            report.problems = self.report.problems + second.problems
            end(.finished(report))
        case (_, .failed(let error)):
            if error.isWorthRepeating, attempt < Self.attemptLimit { attempt += 1 } else { end(.failed(error)) }
        case (_, .cancelled): end(.cancelled)
        // An answer to another step's action.
        default: break
        }
    }

    private mutating func end(_ ending: Ending) {
        self.ending = ending
        step = .ended
    }
}

extension RepairMachine.Event {
    package var failure: HoldfastError? { if case .failed(let error) = self { error } else { nil } }

    package var text: String {
        switch self {
        case .copied(let report):
            "copied \(report.copied) objects of \(report.copiedBytes) bytes; \(report.short) have too few copies, "
                + "\(report.lost) none"
        case .dropped(let report): "deleted \(report.dropped) superfluous copies of \(report.droppedBytes) bytes"
        case .failed(let error): "failed: \(error)"
        case .lost: "a node was lost"
        case .cancelled: "cancelled"
        }
    }
}

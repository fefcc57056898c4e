import HoldfastCommands
import HoldfastModel

/// The steps of a restore in one line, those done ticked.
struct RestoreSteps {
    private let restore: RestoreDetail

    init(_ restore: RestoreDetail) { self.restore = restore }

    func text(_ style: TextStyle) -> String {
        switch (restore.step, restore.status) {
        case (.unwind, _): "going back to the old content"
        case (.ended, .failed): "went back to the old content"
        case (.ended, .cancelled): "called off; went back to the old content"
        default: Self.order.filter(isShown).map(mark).joined(separator: "  ")
        }
    }

    private static let order: [RestoreSaga.Step] = [
        .check, .safetyBackup, .stage, .verify, .swap, .confirm, .kept, .clean,
    ]

    private func isShown(_ step: RestoreSaga.Step) -> Bool {
        switch step {
        case .safetyBackup: restore.safetyBackup != nil
        case .kept: restore.isInPlace != true
        default: true
        }
    }

    private func mark(_ step: RestoreSaga.Step) -> String {
        let current = Self.order.firstIndex(of: shown(restore.step)) ?? Self.order.count
        let position = Self.order.firstIndex(of: step) ?? 0
        let title = step.title
        guard position == current else { return position < current ? "✓ \(title)" : "· \(title)" }
        return restore.attention == nil ? "▸ \(title)" : "✗ \(title)"
    }

    /// Claiming the destination and giving it back are no steps that people care about.
    private func shown(_ step: RestoreSaga.Step) -> RestoreSaga.Step {
        switch step {
        case .claim: .check
        case .release: .confirm
        default: step
        }
    }
}

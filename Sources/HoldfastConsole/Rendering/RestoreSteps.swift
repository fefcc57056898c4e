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
        .check, .claim, .safetyBackup, .stage, .verify, .swap, .confirm, .release, .kept, .clean,
    ]

    private func isShown(_ step: RestoreSaga.Step) -> Bool {
        step != .safetyBackup || restore.safetyBackup != nil
    }

    private func mark(_ step: RestoreSaga.Step) -> String {
        let current = Self.order.firstIndex(of: restore.step) ?? Self.order.count
        let position = Self.order.firstIndex(of: step) ?? 0
        let title = Self.title(of: step)
        guard position == current else { return position < current ? "✓ \(title)" : "· \(title)" }
        return restore.attention == nil ? "▸ \(title)" : "✗ \(title)"
    }

    static func title(of step: RestoreSaga.Step) -> String {
        switch step {
        case .safetyBackup: "safety backup"
        case .kept: "kept for undo"
        case .unwind: "going back"
        default: step.rawValue
        }
    }
}

import HoldfastCommands
import HoldfastModel

/// What happens on the way, each in one line; progress has its own meter.
enum EventText {
    static func line(for event: CommandEvent) -> String? {
        switch event {
        case .accepted(let accepted):
            (accepted.backup.map { "backup \($0), " } ?? accepted.download.map { "download \($0), " } ?? "")
                + "job \(accepted.job)"
        case .step(let step): "step: \(Job.stepTitle(step).printable())"
        case .waiting(let what): "waits for \(what.printable(limit: 500))"
        case .note(let note): "note: \(note.printable(limit: 1000))"
        case .content(let head): "\(head.name.printable(limit: 400)), \(HumanText.size(head.bytes))"
        case .progress, .piece: nil
        }
    }
}

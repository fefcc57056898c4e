import HoldfastModel
import HoldfastWire
import Synchronization

/// What hooks' commands came to, for the journal and the backup.
struct HookReport: Sendable {
    private static let lineLimit = 1500
    private static let countLimit = 8

    var lines: [String] = []
    var warnings: [String] = []

    static func text(_ hook: BackupHook, _ when: String, _ ending: HookEnding) -> String {
        let said = ending.output.isEmpty ? "" : ": \(ending.output)"
        return "The command of hook \(hook.name) \(when) the backup \(ending.failure ?? "succeeded")\(said)"
            .printable(limit: lineLimit)
    }

    mutating func add(_ other: HookReport) {
        lines += other.lines
        warnings += other.warnings
    }

    func tell(in reply: inout CaptureServices.Reply) {
        reply.notes = Array(lines.prefix(Self.countLimit))
        guard !reply.parts.isEmpty else { return }
        for warning in warnings { reply.parts[0].warnings.add(warning) }
        BackupPart.limitWarnings(of: &reply.parts)
    }

    /// The error, with what else went wrong.
    func extending(_ error: any Error) -> any Error {
        guard !warnings.isEmpty, !(error is CancellationError) else { return error }
        let error = HoldfastError(error)
        let more = warnings.prefix(2).joined(separator: ". ")
        return HoldfastError(error.code, "\(error.message). \(more)", context: error.context)
    }
}

/// Whether what a node that died had left was done.
final class HookLeftovers: Sendable {
    private let state = Mutex(false)

    var areSettled: Bool { state.withLock(\.self) }

    func settle() { state.withLock { $0 = true } }
}

import HoldfastCommands
import HoldfastModel

/// What `holdfast` exits with when the cluster answered with a result; an error has its code's own status.
enum ExitStatus {
    /// A command that did or judged something fails where the result says so; one that only shows things succeeds.
    static func of(_ result: CommandResult, answering command: Command) -> Int32 {
        switch (command, result) {
        case (_, .check(_, let report)): status(of: report)
        case (_, .restorePlan(let plan)): status(of: plan.report)
        case (_, .verified(_, let report)): report.problems.isEmpty ? 0 : ErrorCode.corrupt.exitStatus
        case (.restoreStart, .restore(let restore)), (.restoreUndo, .restore(let restore)),
            (.restoreResume, .restore(let restore)), (.jobWatch, .restore(let restore)):
            restore.failure?.code.exitStatus ?? status(of: restore.status)
        case (.backupCreate, .backup(let detail)), (.jobWatch, .backup(let detail)):
            switch detail.backup.state {
            case .failed: detail.backup.failure?.code.exitStatus ?? 1
            case .cancelled: ErrorCode.cancelled.exitStatus
            default: 0
            }
        case (_, .fileRestore(let detail)): detail.failure?.code.exitStatus ?? status(of: detail.status)
        case (.jobWatch, .job(let job)): status(of: job.summary.status)
        default: 0
        }
    }

    private static func status(of report: CheckReport) -> Int32 {
        report.problems.first { $0.severity == .error }?.code.exitStatus ?? 0
    }

    private static func status(of status: Job.Status) -> Int32 {
        switch status {
        case .running, .waiting, .queued, .succeeded: 0
        case .failed: 1
        case .needsAttention: ErrorCode.needsAttention.exitStatus
        case .cancelled: ErrorCode.cancelled.exitStatus
        }
    }
}

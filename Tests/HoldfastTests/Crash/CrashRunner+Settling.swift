import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit

extension CrashRunner {
    private static let patience = Duration.seconds(120)

    var cluster: Cluster { world.cluster }

    /// Waits until every job has come to an end, and looks whether that is one of those that were promised.
    ///
    /// - Parameter atRest: called when all is done, before a backup that was made is tried by a restore.
    func settle(_ script: CrashScript, _ command: ServerProcess?, atRest: () -> Void = {}) async throws {
        defer { command?.stop() }
        let began = ContinuousClock.now
        let jobs = try untilNothingRuns(script, command)
        longestSettling = max(longestSettling, ContinuousClock.now - began)
        let end = try Self.end(of: jobs, script)
        ends[end, default: 0] += 1
        if script.scenario == .cancel, let command, !command.isRunning, command.stop() == 0, end != .cancelled {
            throw TestFailure("the restore was said to be cancelled, and it \(end.rawValue)")
        }
        edition = try await oracle.edition()
        let expected = end == .succeeded ? script.new : script.old
        guard edition == expected else {
            throw TestFailure("the job: \(end.rawValue); the destination holds edition \(edition), not \(expected)")
        }
        try await untilTidy()
        atRest()
        try await judgeBackup(script, end, command)
        guard world.fallen.isEmpty else {
            throw TestFailure("ended by itself: \(world.fallen.joined(separator: ", "))")
        }
    }

    func jobs() throws -> [JobSummary] {
        guard case .jobs(let jobs) = try cluster.result("job", "list", "--all") else { throw TestFailure("no jobs") }
        return jobs
    }

    func backups() throws -> [Backup] {
        guard case .backups(let backups) = try cluster.result("backup", "list", "shop/live", "--deleted") else {
            throw TestFailure("no backups")
        }
        return backups
    }

    /// Where a job asks for a person, the person does what it says.
    ///
    /// - Returns: the jobs that are new since the script was made.
    private func untilNothingRuns(_ script: CrashScript, _ command: ServerProcess?) throws -> [JobSummary] {
        let deadline = ContinuousClock.now + Self.patience
        var last: [JobSummary] = []
        while ContinuousClock.now < deadline {
            usleep(40_000)
            let isAccepted = command?.isRunning != true
            guard let all = try? jobs() else { continue }
            last = all
            let needing = all.filter { $0.status == .needsAttention }
            for job in needing {
                guard let attention = job.attention, attention.whatToDo.contains("holdfast restore resume") else {
                    throw TestFailure("job \(job.id) needs attention and does not say what to do")
                }
                ends[.attention, default: 0] += 1
                try cluster.result("restore", "resume", job.id.text)
            }
            let isOver = !all.contains { $0.status == .running || $0.status == .waiting || $0.step == "clean" }
            if isAccepted, needing.isEmpty, isOver { return all.filter { !script.knownJobs.contains($0.id) } }
        }
        let open = last.filter { $0.status == .running || $0.status == .waiting }
        throw TestFailure(
            "after \(Self.patience) there are still open jobs: \(open)\(last.isEmpty ? ", or nobody answers" : "")")
    }

    private static func end(of jobs: [JobSummary], _ script: CrashScript) throws -> CrashEnd {
        let own = jobs.filter { $0.kind == script.kind }
        guard let job = own.first else { return .none }
        guard own.count == 1 else { throw TestFailure("one command made \(own.count) jobs") }
        return switch job.status {
        case .succeeded: .succeeded
        case .cancelled: .cancelled
        default: .failed
        }
    }

    private func untilTidy() async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            do {
                return try await oracle.tidiness()
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: Backups

    private func judgeBackup(_ script: CrashScript, _ end: CrashEnd, _ command: ServerProcess?) async throws {
        let backups = try backups()
        guard !backups.contains(where: { $0.state == .running }) else { throw TestFailure("a backup runs for ever") }
        switch script.scenario {
        case .backup:
            guard let made = backups.first(where: { !script.knownBackups.contains($0.id) }) else { return }
            guard (made.state == .complete) == (end == .succeeded) else {
                throw TestFailure("the job: \(end.rawValue); the backup is \(made.state.rawValue)")
            }
            guard made.state == .complete else { return }
            // What counts is what comes back. The live shop holds the last edition.
            _ = try shop.shop.restore(made.id)
            edition = try await oracle.edition()
            guard edition == shop.editions.count - 1 else { throw TestFailure("another content was backed up") }
        case .delete:
            guard let deleted = backups.first(where: { $0.id == script.backup }) else {
                throw TestFailure("a deleted backup is not even known any more")
            }
            guard deleted.state == .complete || deleted.state == .deleted else {
                throw TestFailure("a backup that was being deleted is \(deleted.state.rawValue)")
            }
            if deleted.state == .complete { try cluster.result("backup", "delete", deleted.id.text, "--yes") }
        case .collect:
            let removed = backups.first { $0.id == script.backup }?.removedAt != nil
            if end == .succeeded, !removed { throw TestFailure("a deleted backup was not removed") }
            let kept = backups.first { $0.id == script.kept?.id }
            if end == .succeeded, kept?.parts.map(\.references) == script.kept?.parts.map(\.references) {
                throw TestFailure("a mostly dead shard was not rewritten")
            }
            for backup in shop.editions.map(\.backup) + [kept?.id].compactMap(\.self) {
                guard case .verified(_, let report) = try cluster.result("backup", "verify", backup.text),
                    report.problems.isEmpty
                else { throw TestFailure("a backup is damaged after a collection") }
            }
        case .restore, .undo, .inPlace, .cancel, .clean, .verify: return
        }
    }
}

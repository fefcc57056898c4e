import HoldfastModel
import HoldfastWire

/// Runs the commands that this node's configuration names around its backups. Whatever becomes of a backup, the command
/// after it is run at least once where the one before it was begun.
package final class BackupHooks: Sendable {
    private let hooks: [BackupHook]
    private let runner: any HookRunner
    private let disk: any Disk
    /// What a node that died left to be done is done once, and by one.
    private let turns = Turns<Int>()
    private let leftovers = HookLeftovers()

    package init(_ hooks: [BackupHook], runner: any HookRunner, disk: any Disk) {
        self.hooks = hooks
        self.runner = runner
        self.disk = disk
    }

    /// Runs a backup's work between its commands.
    ///
    /// - Throws: the work's error; `checkFailed` where a command before it failed that must not.
    func around(
        _ message: CaptureServices, meter: ProgressMeter, _ work: () async throws -> CaptureServices.Reply
    ) async throws -> CaptureServices.Reply {
        let hooks = hooks.filter { $0.isFor(message.environment) }
        guard !hooks.isEmpty else { return try await work() }
        try await settle()
        var report = HookReport()
        var begun: [(BackupHook, HookNote)] = []
        do {
            for hook in hooks {
                let note = HookNote(hook, message)
                try await disk.makeDirectory(HookNote.directory)
                try await StateFile.write(note, at: note.path, on: disk)
                begun.append((hook, note))
                meter.set(Self.progress(hook))
                try await before(hook, note, &report)
            }
            meter.set(Progress(step: "capture"))
            var reply = try await work()
            meter.set(hooks.last.map(Self.progress) ?? Progress(step: "capture"))
            report.add(await after(begun, .succeeded))
            report.tell(in: &reply)
            return reply
        } catch {
            let outcome: HookOutcome = Task.isCancelled ? .cancelled : .failed
            report.add(await after(begun, outcome))
            throw report.extending(error)
        }
    }

    /// Runs what a node that died had still to run.
    ///
    /// - Returns: what came of it, for the log.
    @discardableResult
    package func settle() async throws -> [String] {
        try await turns.withTurn(0) {
            guard !leftovers.areSettled else { return [] }
            var reports: [String] = []
            // Of a note that was being written only the new file may be there: its command was not begun.
            let names = try await disk.list(HookNote.directory).map {
                $0.name.hasSuffix(".new") ? String($0.name.dropLast(4)) : $0.name
            }
            for path in Set(names).sorted().map({ "\(HookNote.directory)/\($0)" }) {
                do {
                    let note = try await StateFile.read(
                        HookNote.self, version: HookNote.version, at: path, on: disk)
                    if let note { reports.append(try await run(note)) }
                } catch let error as HoldfastError where [.corrupt, .unsupported].contains(error.code) {
                    reports.append("A command after a backup may not have been run. \(error.message)")
                    continue
                }
                try await disk.removeReplaced(path)
            }
            leftovers.settle()
            return reports
        }
    }

    private func run(_ note: HookNote) async throws -> String {
        guard let hook = hooks.first(where: { $0.name == note.hook }) else {
            // A note names no command.
            return
                "Backup \(note.backup) was cut short within hook \(note.hook), which this node's settings no longer have"
        }
        guard let command = hook.after else { return "Backup \(note.backup) was cut short within hook \(note.hook)" }
        let ending = try await runner.run(
            command, environment: note.values(outcome: .interrupted), timeout: hook.timeout)
        return "Backup \(note.backup) was cut short. \(HookReport.text(hook, "after", ending))"
    }

    private func before(_ hook: BackupHook, _ note: HookNote, _ report: inout HookReport) async throws {
        guard let command = hook.before else { return }
        let ending = try await runner.run(command, environment: note.values(outcome: nil), timeout: hook.timeout)
        let text = HookReport.text(hook, "before", ending)
        report.lines.append(text)
        guard ending.failure != nil else { return }
        guard hook.onFailure == .warn else { throw HoldfastError(.checkFailed, text) }
        report.warnings.append(text)
    }

    /// Goes on to its end where the task was cancelled: what a command before has stopped must not stay so.
    private func after(_ begun: [(BackupHook, HookNote)], _ outcome: HookOutcome) async -> HookReport {
        let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
        return await Task(executorPreference: executor) { [runner, disk] in
            var report = HookReport()
            for (hook, note) in begun.reversed() {
                if let command = hook.after {
                    let values = note.values(outcome: outcome)
                    // Nobody cancels this task.
                    guard let ending = try? await runner.run(command, environment: values, timeout: hook.timeout)
                    else { continue }
                    let text = HookReport.text(hook, "after", ending)
                    report.lines.append(text)
                    if ending.failure != nil { report.warnings.append(text) }
                }
                // Where that fails it is run once more, when the node starts.
                try? await disk.removeReplaced(note.path)
            }
            return report
        }.value
    }

    private static func progress(_ hook: BackupHook) -> Progress {
        var progress = Progress(step: "hook \(hook.name)")
        progress.isUncounted = true
        return progress
    }
}

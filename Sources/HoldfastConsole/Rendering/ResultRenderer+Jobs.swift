import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of jobs: [JobSummary]) -> String {
        guard !jobs.isEmpty else { return "No open jobs. Those that ended: holdfast job list --all" }
        var table = TextTable(
            .left("JOB"), .left("KIND"), .left("ENVIRONMENT"), .left("STATE"), .left("STEP"), .left("SINCE (UTC)"),
            .right("DONE"), .left("BY"), .flexible("WAITS FOR"))
        for job in jobs {
            table.add(
                .init("\(job.id)"), .init(job.kind.rawValue), .init("\(job.environment)"),
                .init(job.status.rawValue, colour(of: job.status)), .init(Job.stepTitle(job.step)),
                .init(job.createdAt.plain), .init(done(job)), .init(job.author),
                .init(job.waitingFor ?? ""))
        }
        return sections(jobs.compactMap(alarm) + [table.text(style)])
    }

    func text(of detail: JobDetail) -> String {
        let job = detail.summary
        let took = job.endedAt.map { ", took \(HumanText.duration(job.createdAt.duration(to: $0)))" }
        var fields = TextFields()
        fields.add("step", Job.stepTitle(job.step))
        fields.add("started", "\(HumanText.time(job.createdAt)), by \(job.author)\(took ?? "")")
        fields.add("done", job.progress.flatMap(percentage))
        fields.add("waits for", job.waitingFor, .yellow)
        let title = "\(job.kind.rawValue.capitalizedFirst) job \(job.id) on \(job.environment): "
        return sections([
            alarm(job),
            heading(title) + style.paint(job.status.rawValue, colour(of: job.status)) + "\n" + fields.text(style),
            journal(detail.journal),
        ])
    }

    private func journal(_ lines: [JournalLine]) -> String? {
        guard !lines.isEmpty else { return nil }
        let width = String(lines.map(\.number).max() ?? 0).count
        let text = lines.map { line in
            let number = String(line.number)
            let blank = String(repeating: " ", count: max(0, width - number.count))
            return "  \(blank)\(number)  \(style.paint(line.at.plain, .dim))  \(line.text.printable(limit: 1000))"
        }
        return ([heading("Journal (UTC)")] + text).joined(separator: "\n")
    }

    private func alarm(_ job: JobSummary) -> String? {
        job.attention.map { text(of: $0, on: "\(job.kind.rawValue) \(job.id) on \(job.environment)") }
    }

    /// How far a job is; of one that has ended, how long it took.
    private func done(_ job: JobSummary) -> String {
        guard let endedAt = job.endedAt else { return job.progress.flatMap(percentage) ?? "-" }
        let took = HumanText.duration(job.createdAt.duration(to: endedAt))
        return job.status == .succeeded ? "in \(took)" : "ended after \(took)"
    }

    private func percentage(_ progress: Progress) -> String? {
        ProgressMeter.fraction(of: progress).map { "\(Int($0 * 100)) %" } ?? HumanText.size(progress.bytes)
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

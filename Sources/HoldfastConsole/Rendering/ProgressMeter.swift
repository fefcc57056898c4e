import HoldfastCommands
package import HoldfastModel

/// Turns what a job reports into lines with a bar, a rate and the time left. The rate is that of the last seconds, so
/// that a stall shows.
package struct ProgressMeter: Sendable {
    private static let windowSeconds = 10.0
    private static let barColumns = 20

    private struct Sample {
        var at: Duration
        var bytes: Int64
    }

    private var samples: [Sample] = []
    private var title = ""

    package init() {}

    /// - Parameters:
    ///   - uptime: of a clock that never goes back.
    ///   - columns: where the line has to end.
    package mutating func line(
        for progress: Progress, at uptime: Duration, columns: Int?
    ) -> String {
        let title = [Job.stepTitle(progress.step), progress.subject].compactMap { $0?.printable(limit: 60) }.joined(
            separator: " ")
        // What a node reports may be any number; less than nothing is nothing.
        let bytes = max(0, progress.bytes)
        if title != self.title || bytes < samples.last?.bytes ?? 0 { samples.removeAll() }
        self.title = title
        samples.append(Sample(at: uptime, bytes: bytes))
        // The oldest sample inside the window stays, so that there is always a stretch to measure over.
        while samples.count > 2, seconds(uptime - samples[1].at) >= Self.windowSeconds { samples.removeFirst() }
        if samples.count > 256 { samples.remove(at: 1) }

        let rate = rate
        let pieces = [title, Self.bar(progress), amount(progress), items(progress), rate.map(HumanText.rate)]
        let text = (pieces + [timeLeft(progress, rate)]).compactMap { $0 }.joined(separator: "  ")
        return columns.map { DisplayWidth.truncated(text, to: max(20, $0 - 1)) } ?? text
    }

    /// By bytes where their total is known, else by items; nil where neither is.
    package static func fraction(of progress: Progress) -> Double? {
        func share(_ done: Int64, _ total: Int64) -> Double { min(1, Double(max(0, done)) / Double(total)) }
        if let total = progress.totalBytes, total > 0 { return share(progress.bytes, total) }
        if let total = progress.totalItems, total > 0 { return share(progress.items, total) }
        return nil
    }

    private static func bar(_ progress: Progress) -> String? {
        guard let fraction = fraction(of: progress) else { return nil }
        let full = Int(fraction * Double(barColumns))
        let percent = String(Int(fraction * 100))
        return String(repeating: "█", count: full) + String(repeating: "░", count: barColumns - full)
            + String(repeating: " ", count: 4 - percent.count) + percent + "%"
    }

    private func amount(_ progress: Progress) -> String? {
        if let total = progress.totalBytes, total > 0 {
            return "\(HumanText.size(progress.bytes)) of \(HumanText.size(total))"
        }
        return progress.bytes > 0 ? HumanText.size(progress.bytes) : nil
    }

    private func items(_ progress: Progress) -> String? {
        if let total = progress.totalItems, total > 0 {
            return "\(HumanText.count(progress.items))/\(HumanText.count(total))"
        }
        return progress.items > 0 ? HumanText.count(progress.items, "item") : nil
    }

    private var rate: Double? {
        guard let first = samples.first, let last = samples.last, seconds(last.at - first.at) >= 0.5 else { return nil }
        return Double(last.bytes - first.bytes) / seconds(last.at - first.at)
    }

    private func timeLeft(_ progress: Progress, _ rate: Double?) -> String? {
        guard let total = progress.totalBytes, total > progress.bytes, let rate, rate > 0 else { return nil }
        let left = min(Double(total - max(0, progress.bytes)) / rate, 1e9)
        return "\(HumanText.duration(.seconds(Int64(left.rounded(.up))))) left"
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}

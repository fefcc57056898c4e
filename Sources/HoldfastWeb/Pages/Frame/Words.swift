import HoldfastCommands
import HoldfastModel

/// Records in the words of pages.
enum Words {
    /// `22 Nov 2026, 21:30`
    static func time(_ time: Timestamp) -> String {
        let (date, clock) = (time.plain.prefix(10), time.plain.dropFirst(11).prefix(5))
        let pieces = date.split(separator: "-").compactMap { Int($0) }
        guard pieces.count == 3, months.indices.contains(pieces[1] - 1) else { return time.plain }
        return "\(pieces[2]) \(months[pieces[1] - 1]) \(pieces[0]), \(clock)"
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `3 h ago`, `in 20 min`
    static func distance(_ time: Timestamp, from now: Timestamp) -> String {
        let seconds = now.duration(to: time).components.seconds
        let text = coarse(abs(seconds))
        if abs(seconds) < 45 { return "just now" }
        return seconds < 0 ? "\(text) ago" : "in \(text)"
    }

    private static func coarse(_ seconds: Int64) -> String {
        switch seconds {
        case ..<5400: "\(max(1, (seconds + 30) / 60)) min"
        case ..<129_600: "\((seconds + 1800) / 3600) h"
        default: HumanText.count((seconds + 43_200) / 86_400, "day")
        }
    }

    static func service(_ service: ServiceReference) -> String {
        let kind = service.kind == .database ? "Database" : "Media"
        return service.name == ServiceReference.defaultName ? kind : "\(kind) \(service.name)"
    }

    static func services(_ services: [ServiceReference]) -> String {
        services.map(Self.service).joined(separator: " and ")
    }

    static func trigger(_ trigger: Backup.Trigger) -> String {
        switch trigger {
        case .scheduled: "Scheduled"
        case .onDemand: "On-demand"
        case .safety: "Safety"
        case .upload: "Uploaded"
        }
    }

    static func badge(_ state: Backup.State) -> Badge {
        switch state {
        case .running: Badge("Running", "accent")
        case .complete: Badge("Complete", "good")
        case .failed: Badge("Failed", "bad")
        case .cancelled: Badge("Cancelled", "")
        case .deleted: Badge("Deleted", "")
        }
    }

    static func badge(_ status: Job.Status) -> Badge {
        switch status {
        case .running: Badge("Running", "accent")
        case .waiting: Badge("Waiting", "warn")
        case .queued: Badge("Queued", "")
        case .succeeded: Badge("Succeeded", "good")
        case .failed: Badge("Failed", "bad")
        case .cancelled: Badge("Cancelled", "")
        case .needsAttention: Badge("Needs attention", "bad")
        }
    }

    static func badge(_ state: Download.State) -> Badge {
        switch state {
        case .preparing: Badge("Preparing", "accent")
        case .ready: Badge("Ready", "good")
        case .failed: Badge("Failed", "bad")
        case .expired, .revoked, .cancelled:
            Badge(state.rawValue.prefix(1).uppercased() + state.rawValue.dropFirst(), "")
        }
    }

    static func labels(_ backup: Backup) -> String? {
        let names = Set((backup.labels ?? []).compactMap(\.label)).sorted().map(\.rawValue)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    /// Why it is kept, and until when.
    static func kept(_ verdict: RetentionVerdict) -> (why: String, until: String) {
        let why = verdict.reasons.map(\.description).joined(separator: "; ")
        if verdict.goes { return (why, "goes now") }
        if let time = verdict.goesAt { return (why, "until \(Words.time(time))") }
        return (why, verdict.staysUntil.map { "at least until \(Words.time($0))" } ?? "for good")
    }

    static func kind(_ kind: Job.Kind) -> String {
        switch kind {
        case .backup: "Backup"
        case .restore: "Restore"
        case .verify: "Verification"
        case .collect: "Collection"
        case .download: "Download"
        case .repair: "Repair"
        case .fileRestore: "Restore of a file"
        }
    }
}

/// A state in one or two words, and its colour.
struct Badge {
    let text: String
    let tone: String

    init(_ text: String, _ tone: String) {
        self.text = text
        self.tone = tone
    }
}

/// An instant as pages show it.
struct Moment {
    let text: String
    /// For machines.
    let machine: String
    let distance: String

    init(_ time: Timestamp, _ now: Timestamp) {
        text = Words.time(time)
        machine = time.description
        distance = Words.distance(time, from: now)
    }
}

import HoldfastModel
import HoldfastWire

/// What is left to be done once a command was run before a backup: written before it is begun, and removed when the one
/// after has ended. So that one is run also where the node or its machine died in between.
struct HookNote: Codable, Hashable, Sendable {
    static let version = 1
    static let directory = "hooks"

    var version = HookNote.version
    var hook: Name
    var environment: EnvironmentReference
    var backup: BackupID
    var job: JobID
    var services: [ServiceReference]

    init(_ hook: BackupHook, _ message: CaptureServices) {
        self.hook = hook.name
        environment = message.environment
        backup = message.backup
        job = message.order.job
        services = message.services.map(\.service).sorted()
    }

    var path: String { "\(Self.directory)/\(backup)-\(hook)" }

    /// What a command is told.
    func values(outcome: HookOutcome?) -> [String: String] {
        var values = [
            "HOLDFAST_PROJECT": environment.project.text, "HOLDFAST_ENVIRONMENT": environment.environment.text,
            "HOLDFAST_BACKUP": backup.text, "HOLDFAST_JOB": job.text,
            "HOLDFAST_SERVICES": services.map(\.description).joined(separator: " "),
        ]
        values["HOLDFAST_OUTCOME"] = outcome?.rawValue
        return values
    }
}

/// What became of the backup, as the node knows it when the command after it is run.
enum HookOutcome: String, Sendable {
    case succeeded, failed
    /// A person called it off, or the coordinator went away.
    case cancelled
    /// The node died meanwhile.
    case interrupted
}

import HoldfastCatalog
import HoldfastModel

/// That a command was given under a key, and what was answered. Written in the transaction of the change: there is one
/// exactly if the change was made.
struct StoredAnswer: CatalogRecord, Hashable {
    static let keptFor = Duration.seconds(24 * 60 * 60)
    static let scope = "given"

    /// For the change that this task makes.
    @TaskLocal static var current: StoredAnswer?

    var version = 1
    /// Of principal and key.
    var name: String
    /// Of the command.
    var fingerprint: String
    var at: Timestamp
    var job: JobID?
    /// The answer's JSON, which may have secrets in it; nil where it was lost with a coordinator.
    var result: SealedSecret?

    init(name: String, fingerprint: String, at: Timestamp) {
        self.name = name
        self.fingerprint = fingerprint
        self.at = at
    }

    /// For sealing the result.
    static func purpose(_ name: String) -> String { "answer/\(name)" }

    func isOver(at now: Timestamp) -> Bool { at.advanced(by: Self.keptFor) <= now }

    static var recordKind: RecordKind { .answer }
    var catalogKey: String { name }
    var catalogScope: String { Self.scope }
    var catalogOrder: Int64 { at.milliseconds }
}

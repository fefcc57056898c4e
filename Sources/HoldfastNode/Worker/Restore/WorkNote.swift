import HoldfastModel

/// What a job makes beside live services on this node: written before anything is made, and again once it is known what
/// the made things are. A crash in between leaves nothing that nobody knows of.
struct WorkNote: Codable, Sendable {
    static let version = 1

    var version = Self.version
    var job: JobID
    var entries: [Entry] = []
    /// What the swap has to tell, noted before it is decided: the order may come again when the answer was lost.
    var swapWarnings: Warnings?
    /// The number of the transaction that replaces a database's content in place, noted before it may be committed.
    var transaction: UInt64?

    /// Of a restore of files: what was made, before it is moved to its place.
    var files: Files?

    struct Files: Codable, Sendable {
        /// The staging directory.
        var staging: FileIdentity
        /// What is to bear the name.
        var entry: FileIdentity
        /// Where, escaped: a directory from the tree's root, and a name in it.
        var parent: String
        var name: String
        var report: FileRestoreReport
    }

    struct Entry: Codable, Sendable {
        var service: ServiceReference
        var work: Work
    }

    enum Work: Codable, Sendable {
        /// A database of that name, which was not there before; its OID once it is made.
        case database(name: String, oid: UInt32?)
        /// The job's staging directory in the tree's root; its identity once it is made.
        case media(FileIdentity?)
        /// A database that `job` kept as `from`, to be called `name`.
        case takenDatabase(job: JobID, oid: UInt32, from: String, name: String)
        /// The staging directory of `job`, to be this job's.
        case takenMedia(job: JobID, FileIdentity)
    }

    func work(on service: ServiceReference) -> Work? { entries.first { $0.service == service }?.work }

    mutating func set(_ service: ServiceReference, _ work: Work?) {
        entries.removeAll { $0.service == service }
        if let work { entries.append(Entry(service: service, work: work)) }
    }
}

/// The notes of all jobs, in `work/`.
struct WorkNotes: Sendable {
    let disk: any Disk

    func read(_ job: JobID) async throws -> WorkNote {
        try await StateFile.read(WorkNote.self, version: WorkNote.version, at: path(job), on: disk)
            ?? WorkNote(job: job)
    }

    /// Durable on return.
    func write(_ note: WorkNote) async throws {
        try await disk.makeDirectory("work")
        try await StateFile.write(note, at: path(note.job), on: disk)
    }

    func remove(_ job: JobID) async throws {
        try await disk.removeReplaced(path(job))
    }

    private func path(_ job: JobID) -> String { "work/\(job).json" }
}

extension StagingNames {
    /// The name of the `number`th database that a job stages, from 0.
    static func stagedDatabase(_ job: JobID, number: Int) -> String {
        stagedDatabase(job) + (number == 0 ? "" : String(number + 1))
    }

    /// What the live database is called after the swap of one that `job` staged as `staged`.
    static func keptDatabase(_ job: JobID, staged: String) -> String {
        let base = stagedDatabase(job)
        return keptDatabase(job) + (staged.hasPrefix(base) ? String(staged.dropFirst(base.count)) : "")
    }
}

import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// Puts a file or directory of a backup into a media tree: made whole in the job's staging directory, noted by what it
/// physically is, then moved to its place in one step. What makes way for it is kept beside.
struct FileRestoreWork {
    /// Called before each change to the tree. Tests let it throw, as a crash would.
    typealias Step = @Sendable (_ next: String) throws -> Void

    let message: RestoreFiles
    let resources: WorkerResources
    let notes: WorkNotes
    let meter: ProgressMeter
    var step: Step = { _ in }

    private var job: JobID { message.order.job }
    private var service: ServiceReference { message.target.service }

    func run() async throws -> FileRestoreReport {
        let root = try resources.root(message.target)
        let note = try await notes.read(job)
        let made: WorkNote.Files
        if let files = note.files {
            made = files
        } else {
            if let work = note.work(on: service) {
                try await AsideWork(resources: resources, notes: notes, job: job).undo(work, at: message.target)
            }
            made = try await stage(in: root)
        }
        return try FileExchange(made, in: root, job: job, step: step).put(replacing: message.replaces)
    }

    private func stage(in root: MediaDirectory) async throws -> WorkNote.Files {
        let part = try await PartReader(
            manifest: message.manifest, references: message.references, project: message.project,
            keys: try ProjectKeys(serialized: message.keys),
            router: resources.router(message.project, message.terms, meter),
            lookup: ProjectIndex.forReading(message.project, resources: resources))
        let (path, place) = (try Self.path(message.path), try Self.path(message.place))
        let subtree = try await FoundSubtree(path, in: part.manifest)
        let way = try WayToPlace(place, in: root)
        // Directories on the way that are gone come back with it, where it goes to where it was.
        guard way.missing.count == 1 || path == place else {
            let directory = String.printable(path: Array(place.dropLast(way.missing.last?.count ?? 0).dropLast()))
            throw HoldfastError(.notFound, "There is no directory \(directory) in '\(root.path)': make it first")
        }
        if !message.replaces { try way.requireFree(in: root) }
        try await note(.media(nil), nil)
        try step("make the staging directory")
        let staging = try MediaStaging.make(in: root, job: job)
        try await note(.media(staging.identity), nil)
        let (meter, service) = (meter, service)
        let adjustment = message.isForeign ? try .fromAnotherProject(into: root) : MediaAdjustment.none
        let entries = try MovedEntries(subtree, in: part.manifest, on: way)
        let outcome = try await part.archive.readingAhead { ahead in
            let apply = MediaApply(
                staging: staging, adjustment: adjustment, content: ArchiveContent(part.archive, ahead: ahead)
            ) { meter.set("place", service, bytes: $0, items: $1) }
            return try await apply.apply(PrefetchedEntries(entries, ahead: ahead))
        }
        let files = WorkNote.Files(
            staging: staging.identity, entry: try identity(of: way.missing[0], in: staging, path),
            parent: EscapedPath.text(way.parent), name: EscapedPath.text(way.missing[0]),
            report: FileRestoreReport(
                place: EscapedPath.text(place), counts: outcome.counts, warnings: outcome.warnings))
        try await note(.media(staging.identity), files)
        return files
    }

    private func identity(of name: [UInt8], in staging: MediaStaging, _ path: [UInt8]) throws -> FileIdentity {
        do {
            if let status = try staging.tree.handle.statusIfPresent(of: name) { return status.identity }
        } catch {
            throw error.error("look at", name)
        }
        throw HoldfastError(
            .checkFailed, "\(String.printable(path: path)) is nothing that is made in another project's media")
    }

    private func note(_ work: WorkNote.Work, _ files: WorkNote.Files?) async throws {
        var note = try await notes.read(job)
        note.set(service, work)
        note.files = files
        try await notes.write(note)
    }

    private static func path(_ text: String) throws -> [UInt8] {
        guard var path = EscapedPath.path(text) else {
            throw HoldfastError(
                .invalidArgument, "\(text.printable(limit: 200)) is no path: a backslash itself is written \\\\")
        }
        while path.first == UInt8(ascii: "/") { path.removeFirst() }
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }
}

/// Removes what a restore of files left beside its place. Nothing that was there before goes with it.
struct FileRestoreTidying {
    let message: TidyFiles
    let resources: WorkerResources
    let notes: WorkNotes
    var step: FileRestoreWork.Step = { _ in }

    func run() async throws -> TidyFiles.Reply {
        let job = message.order.job
        let note = try await notes.read(job)
        guard let work = note.work(on: message.target.service) else {
            try await notes.remove(job)
            return TidyFiles.Reply(report: note.files?.report)
        }
        let root = try resources.root(message.target)
        var report: FileRestoreReport?
        if let files = note.files { report = try FileExchange(files, in: root, job: job, step: step).giveBack() }
        try await AsideWork(resources: resources, notes: notes, job: job).undo(work, at: message.target)
        try await notes.remove(job)
        return TidyFiles.Reply(report: report)
    }
}

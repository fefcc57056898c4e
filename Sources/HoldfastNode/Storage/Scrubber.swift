import HoldfastArchive
package import HoldfastModel

/// Reads everything that a store has back from its disk, again and again, so that what has rotted is found while other nodes
/// have good copies. It needs no keys: an object's name is the hash of its bytes.
///
/// A pass goes from folder to folder; how far it is outlives the process. It takes as long as it may, so that it is in
/// nobody's way.
package actor Scrubber {
    package static let usualPeriod = Duration.seconds(30 * 24 * 60 * 60)
    /// What a pass reads in a second at least, however much time it has.
    private static let leastRate = 1_048_576.0
    /// After which a scrub that was broken off is tried again, and reading an object that could not be read.
    private static let retryPause = Duration.seconds(60)
    /// How often reading an object fails before it is set aside.
    private static let readAttempts = 3
    /// Between two passes over a store that is read through early.
    private static let restLimit = Duration.seconds(24 * 60 * 60)

    private let store: ObjectStore
    private let time: any TimeSource
    /// How long one pass may take.
    private let period: Duration
    private var record: ScrubRecord?
    private var isHurried = false
    /// Ends the present wait.
    private var wake: AsyncStream<Void>.Continuation?

    package init(store: ObjectStore, time: any TimeSource, period: Duration = usualPeriod) {
        self.store = store
        self.time = time
        self.period = period
    }

    package var state: ScrubState? { record?.state }

    /// Begins a new pass now, and holds it back for nothing.
    package func hurry() async throws {
        var next = ScrubRecord(state: ScrubState(startedAt: time.now))
        next.state.everDamaged = record?.state.everDamaged ?? 0
        (next.state.finishedAt, next.state.lastDamaged) = (record?.state.finishedAt, record?.state.lastDamaged)
        try await save(next)
        isHurried = true
        wake?.yield()
    }

    /// Until the task is cancelled.
    package func run(report: @Sendable (String) -> Void) async {
        while !Task.isCancelled {
            do {
                if record == nil { record = try await ScrubRecord.read(from: store.disk) }
                try await pass(report)
            } catch {
                guard !Task.isCancelled else { return }
                report("The scrub was broken off, and goes on in a minute: \(HoldfastError(error).message)")
                try? await time.sleep(for: Self.retryPause)
            }
        }
    }

    /// One pass to its end, and the rest after it.
    private func pass(_ report: @Sendable (String) -> Void) async throws {
        await store.finishErasures()
        if record == nil || record?.isOver == true {
            try await rest()
            if record == nil || record?.isOver == true { try await save(begun()) }
        }
        while var now = record, !now.isOver {
            let folder = now.folder
            now.state.totalBytes = await store.inventory.bytes
            record?.state.totalBytes = now.state.totalBytes
            let found = try await scrub(folder, report)
            // Somebody has asked for a new pass meanwhile.
            guard var next = record, next.folder == folder, next.state.startedAt == now.state.startedAt else {
                continue
            }
            next.state.damaged += found
            next.state.everDamaged += found
            next.folder += 1
            if next.isOver {
                (next.state.finishedAt, next.state.lastDamaged) = (time.now, next.state.damaged)
                isHurried = false
                if next.state.damaged > 0 {
                    report("The scrub found \(next.state.damaged) damaged or missing objects in this pass")
                }
            }
            // A folder where nothing was costs nothing to look at once more, and most of a small store's are empty.
            if next.isOver || next.state.objects > now.state.objects || found > 0 {
                try await save(next)
            } else {
                record = next
            }
        }
    }

    private func begun() -> ScrubRecord {
        var next = ScrubRecord(state: ScrubState(startedAt: time.now))
        if let old = record?.state {
            next.state.everDamaged = old.everDamaged
            (next.state.finishedAt, next.state.lastDamaged) = (old.finishedAt, old.lastDamaged)
        }
        return next
    }

    private func rest() async throws {
        guard let last = record?.state.finishedAt else { return }
        let end = last.advanced(by: min(period, Self.restLimit))
        if record?.isOver == true { try await wait(for: time.now.duration(to: end)) }
    }

    /// - Returns: how many of the folder's objects are not as they should be.
    private func scrub(_ folder: Int, _ report: @Sendable (String) -> Void) async throws -> Int64 {
        let kind = ObjectKind.allCases[folder / 256]
        let digits = [UInt8(folder % 256)].hexadecimal
        let directory = "objects/\(kind.rawValue)/\(digits)"
        var found: Int64 = 0
        var present: Set<ObjectName> = []
        for entry in try await store.disk.list(directory) where !entry.isDirectory {
            let object = ObjectName(entry.name).map { ObjectReference(kind, $0) }
            guard let object, entry.name.hasPrefix(digits) else {
                try await store.setAside("\(directory)/\(entry.name)", because: "no object can be called so")
                found += 1
                continue
            }
            present.insert(object.name)
            let started = time.uptime
            let size = try await examine(object)
            if let size {
                switch try await store.adopt(object, byteCount: size) {
                case .known: break
                case .counted:
                    report("\(directory)/\(entry.name) came here behind the node's back; it is good, and counted now")
                case .deleted:
                    report("\(directory)/\(entry.name) is of a project that was erased, and was deleted")
                }
            } else {
                found += 1
                report("\(kind.rawValue) \(object.name) was damaged, and set aside")
            }
            record?.state.objects += 1
            record?.state.bytes += size ?? 0
            try await wait(for: size ?? 0, since: started)
        }
        for name in await store.names(of: kind, under: digits) where !present.contains(name) {
            let object = ObjectReference(kind, name)
            // It may have come since the folder was listed.
            guard try await examine(object) == nil else { continue }
            found += 1
            report("\(kind.rawValue) \(name) was gone")
        }
        return found
    }

    /// A disk that is away for a moment is waited for.
    private func examine(_ object: ObjectReference) async throws -> Int64? {
        for attempt in 1... {
            do {
                return try await store.examine(object)
            } catch let error as HoldfastError where error.code == .inputOutput {
                guard attempt < Self.readAttempts else {
                    try await store.giveUpUnreadable(object, because: error)
                    return nil
                }
                try await time.sleep(for: Self.retryPause)
            }
        }
        return nil
    }

    /// What was read took its share of the time that the whole store may take.
    private func wait(for bytes: Int64, since started: Duration) async throws {
        let total = Double(record?.state.totalBytes ?? 0)
        let rate = max(Self.leastRate, total / max(1, period / .seconds(1)))
        try await wait(for: started + .seconds(Double(bytes) / rate) - time.uptime)
    }

    /// Until somebody is in a hurry.
    private func wait(for duration: Duration) async throws {
        guard !isHurried, duration > .zero else { return }
        let (hurries, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.wake = wake
        defer { self.wake = nil }
        try await withThrowingTaskGroup(of: Void.self) { [time] group in
            group.addTask { try await time.sleep(for: duration) }
            group.addTask { for await _ in hurries { return } }
            try await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }

    private func save(_ next: ScrubRecord) async throws {
        record = next
        // One that was hurried on may be saved at the same time: the last to write writes what is so by then.
        try await store.recordWrites.withTurn(ScrubRecord.path) {
            guard let record else { return }
            try await StateFile.write(record, at: ScrubRecord.path, on: store.disk)
        }
    }
}

/// How far the scrub is, in the file `scrub-state`. Losing it costs reading some objects once more.
struct ScrubRecord: Codable, Sendable {
    static let path = "scrub-state"

    var version = 1
    var state: ScrubState
    /// The folder that is next: kind after kind, 256 of each.
    var folder = 0

    init(state: ScrubState) { self.state = state }

    var isOver: Bool { folder >= ObjectKind.allCases.count * 256 }

    static func read(from disk: any Disk) async throws -> ScrubRecord? {
        do {
            return try await StateFile.read(ScrubRecord.self, version: 1, at: path, on: disk)
        } catch let error as HoldfastError where [.corrupt, .unsupported].contains(error.code) {
            return nil
        }
    }
}

extension ObjectStore {
    /// Those of the inventory whose names begin so.
    func names(of kind: ObjectKind, under digits: String) -> [ObjectName] {
        inventory.projects.values.flatMap { $0.names(of: kind) }.filter { $0.description.hasPrefix(digits) }.sorted()
    }

    enum Adoption: Hashable, Sendable {
        /// Was counted, or does not say whose it is.
        case known
        case counted
        /// Of a project that was erased.
        case deleted
    }

    /// Looks at the file of an object that this node does not tell of: one that is damaged is set aside, and a good one
    /// counted. One that can't be read stays for the scrub.
    nonisolated func reconsider(_ object: ObjectReference) async throws {
        do {
            guard let size = try await examine(object) else { return }
            _ = try await adopt(object, byteCount: size)
        } catch let error as HoldfastError where error.code == .inputOutput {
            return
        }
    }

    /// Counts an object that is good and was not known.
    nonisolated func adopt(_ object: ObjectReference, byteCount: Int64) async throws -> Adoption {
        guard await !inventory.contains(object.kind, object.name) else { return .known }
        guard let owner = try await owner(object.kind, object.name) else { return .known }
        let path = Self.path(object.kind, object.name)
        // While nobody else lands it: what is taken away must not have been counted.
        return try await landings.withTurn(path) {
            guard await !inventory.contains(object.kind, object.name), try await disk.size(of: path) != nil else {
                return .known
            }
            do {
                try await count(object.kind, object.name, of: owner, byteCount, for: owner.project)
            } catch {
                // It may be that it is only about to be, and then is not.
                guard try await goodRecord(of: owner.project)?.isErased == true else { return .known }
                try await takeAway(path)
                return .deleted
            }
            if object.kind == .tombstone, let backup = owner.backup { await noteBuried(backup) }
            return .counted
        }
    }
}

import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastWire

/// Looks for a pattern in one backup after the other, the newest first, until a page is full.
struct BackupSearch {
    /// Parts that a page looks into: each takes as long as its manifest is.
    private static let partLimit = 100
    /// Backups that are passed over at the end of a page for the one that its last paths are compared with.
    private static let aheadLimit = 200
    private static let listed = 50

    private let find: BackupFind
    private let commands: CoordinatorCommands
    private let isVisible: @Sendable (Name, ProjectID) -> Bool
    private var parts: [BackupFindPage.Part] = []
    private var fileCount = 0
    private var next: Place?
    /// Parts whose paths are still to be compared with those of the backup before.
    private var awaiting: [Key: Awaiting] = [:]

    private struct Key: Hashable {
        var environment: EnvironmentReference
        var service: ServiceReference
    }

    private struct Awaiting {
        /// Of the part.
        var index: Int
        /// The part's paths are those behind this one.
        var after: String?
    }

    init(_ find: BackupFind, _ commands: CoordinatorCommands, isVisible: @escaping @Sendable (Name, ProjectID) -> Bool)
    {
        self.find = find
        self.commands = commands
        self.isVisible = isVisible
    }

    mutating func run(_ report: @Sendable (CommandEvent) async -> Void) async throws -> BackupFindPage {
        var last: Stored<Backup>?
        if let text = find.from {
            let (place, stored) = try await begin(text)
            last = stored
            if place.service != nil { try await look(into: stored.value, from: place, report) }
        }
        var isAtEnd = false
        while !isFull, !isAtEnd {
            let page = try await list(after: last)
            for stored in page where !isFull {
                try await look(into: stored.value, from: nil, report)
                last = stored
            }
            isAtEnd = page.count < Self.listed && last?.value.id == page.last?.value.id || page.isEmpty
        }
        // Within a backup it is known already.
        if next == nil, !isAtEnd, let last { next = Place(backup: last.value.id) }
        try await compareLast(after: last)
        return BackupFindPage(scope: find.scope, pattern: find.pattern, parts: parts, next: next?.text)
    }

    private var isFull: Bool { next != nil || fileCount >= find.limit || parts.count >= Self.partLimit }

    // MARK: one backup

    private mutating func look(
        into backup: Backup, from place: Place?, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws {
        guard backup.state == .complete, isVisible(backup.environment.project, backup.project) else { return }
        var isBehind = place?.service == nil
        for part in media(of: backup) {
            isBehind = isBehind || part.service == place?.service
            guard isBehind else { continue }
            guard !isFull else {
                next = Place(backup: backup.id, service: part.service, path: "")
                return
            }
            try Task.checkCancellation()
            let after = part.service == place?.service ? place?.path : nil
            try await look(at: part, of: backup, after: after.flatMap { $0.isEmpty ? nil : $0 })
            await report(.progress(Progress(step: "find", subject: backup.createdAt.plain, items: Int64(parts.count))))
        }
    }

    private func media(of backup: Backup) -> [BackupPart] {
        backup.parts.filter { $0.service.kind == .media && (find.source == nil || $0.service == find.source) }
    }

    private mutating func look(at part: BackupPart, of backup: Backup, after: String?) async throws {
        let key = Key(environment: backup.environment, service: part.service)
        var found = BackupFindPage.Part(
            backup: backup.id, environment: backup.environment, createdAt: backup.createdAt, service: part.service)
        do {
            let outcome = try await search(part, backup, after: after, limit: find.limit - fileCount)
            (found.files, found.isCut) = (outcome.files, outcome.isCut ? true : nil)
            try await compare(key, with: part, backup, known: after == nil ? outcome : nil)
            if outcome.isCut, let path = outcome.files.last?.path {
                next = Place(backup: backup.id, service: part.service, path: path)
            }
        } catch let error as HoldfastError where error.isAboutOnePart {
            found.failure = error
        }
        fileCount += found.files.count
        if !found.files.isEmpty { awaiting[key] = Awaiting(index: parts.count, after: after) }
        parts.append(found)
    }

    private typealias Outcome = (files: [FoundFile], isCut: Bool)

    private func search(_ part: BackupPart, _ backup: Backup, after: String?, limit: Int) async throws -> Outcome {
        let look = try await commands.look(at: part, of: backup)
        let message = FindFiles(
            project: look.project, keys: look.keys, manifest: part.manifest, terms: look.terms, pattern: find.pattern,
            after: after, limit: limit)
        let (reply, bulk) = try await commands.office.call(look.node, message, bulk: [])
        return (try WireJSON.value([FoundFile].self, from: bulk, "list of files found"), reply.isCut)
    }

    // MARK: what changed

    /// Tells of the paths of a newer backup how they are to this one.
    ///
    /// - Parameter known: what was found in this one, from its beginning.
    private mutating func compare(
        _ key: Key, with part: BackupPart, _ backup: Backup, known: Outcome?
    ) async throws {
        guard let newer = awaiting[key] else { return }
        var older = known
        if older?.isCut ?? true {
            older = try await search(part, backup, after: newer.after, limit: BackupFind.limitRange.upperBound)
        }
        guard let older else { return }
        awaiting[key] = nil
        let byPath = Dictionary(older.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let end = older.isCut ? older.files.last.flatMap { EscapedPath.path($0.path) } : nil
        for index in parts[newer.index].files.indices {
            let file = parts[newer.index].files[index]
            if let before = byPath[file.path] {
                parts[newer.index].files[index].change = file.change(since: before)
            } else if end.map({ !MediaOrder.precedes($0, EscapedPath.path(file.path) ?? []) }) ?? true {
                parts[newer.index].files[index].change = .added
            }
        }
    }

    /// The backups before the page's last ones are looked into for these only.
    private mutating func compareLast(after last: Stored<Backup>?) async throws {
        var (last, passed) = (last, 0)
        while !awaiting.isEmpty, passed < Self.aheadLimit {
            let page = try await list(after: last)
            for stored in page where !awaiting.isEmpty {
                let backup = stored.value
                guard backup.state == .complete, isVisible(backup.environment.project, backup.project) else { continue }
                for part in media(of: backup) {
                    let key = Key(environment: backup.environment, service: part.service)
                    do {
                        try await compare(key, with: part, backup, known: nil)
                    } catch let error as HoldfastError where error.isAboutOnePart {
                        continue
                    }
                }
            }
            guard page.count == Self.listed else { return tellFirst() }
            (last, passed) = (page.last, passed + page.count)
        }
    }

    /// There is no backup before.
    private mutating func tellFirst() {
        for newer in awaiting.values {
            for index in parts[newer.index].files.indices { parts[newer.index].files[index].change = .added }
        }
        awaiting = [:]
    }

    // MARK: the list of backups

    private func list(after last: Stored<Backup>?) async throws -> [Stored<Backup>] {
        try await commands.office.catalog.list(
            Backup.self, scope: find.environment == nil ? nil : find.scope,
            group: find.environment == nil ? find.project.text : nil, descending: true, limit: Self.listed, after: last)
    }

    private func begin(_ text: String) async throws -> (Place, Stored<Backup>) {
        let misled = HoldfastError(
            .invalidArgument, "\(text.printable(limit: 80)) is not where a page of this search begins: begin anew")
        guard let place = Place(text), let stored = try await commands.office.catalog.get(Backup.self, place.backup),
            stored.value.environment.project == find.project,
            find.environment == nil || stored.value.environment.environment == find.environment
        else { throw misled }
        return (place, stored)
    }

    /// Where a page begins: behind a backup, or within it behind a path of a service.
    private struct Place {
        var backup: BackupID
        var service: ServiceReference?
        var path = ""

        init(backup: BackupID, service: ServiceReference? = nil, path: String = "") {
            (self.backup, self.service, self.path) = (backup, service, path)
        }

        init?(_ text: String) {
            let words = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            guard let first = words.first, let backup = BackupID(String(first)) else { return nil }
            self.backup = backup
            guard words.count == 3 else {
                if words.count == 1 { return }
                return nil
            }
            guard let service = try? ServiceReference(String(words[1])) else { return nil }
            (self.service, path) = (service, String(words[2]))
        }

        var text: String { service.map { "\(backup)/\($0)/\(path)" } ?? "\(backup)" }
    }
}

import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// Rewrites mostly dead shards of one project: copies what is needed of them into new ones, and stores a new reference list
/// for each that named one of them. Used once, by one task.
///
/// Like a backup it stores shards first, has them held, and stores what names them last. Whatever it leaves when it is
/// broken off is in nobody's way: new shards that no list names are collected, and a new list is as good as the old one.
struct RewriteWork {
    private let message: RewriteShards
    private let resources: WorkerResources
    private let keys: ProjectKeys
    private let router: ObjectRouter
    /// The index of a project has one writer.
    private let projects: Turns<ProjectID>

    init(_ message: RewriteShards, resources: WorkerResources, projects: Turns<ProjectID>) throws {
        self.message = message
        self.resources = resources
        self.projects = projects
        keys = try ProjectKeys(serialized: message.keys)
        router = resources.router(message.project, message.terms)
    }

    struct Outcome {
        var reply = RewriteShards.Reply(shards: 0, deadBytes: 0, copiedBytes: 0, isPartial: false)
        /// The lists that were stored.
        var lists: [StoredList] = []
    }

    func run(_ records: [ListRecord]) async throws -> Outcome {
        // What other lists name is not touched.
        var fixed: Set<ObjectName> = []
        var parts: [ListedPart] = []
        for record in records {
            let list = try await list(record)
            if record.mayMove { parts.append(ListedPart(record.name, list)) } else { fixed.formUnion(list.shards) }
        }
        guard !parts.isEmpty else { return Outcome() }
        try await resources.store.requireNotErased(message.project)
        let file = ProjectIndex.rewriting(message.project)
        defer { resources.indexFiles.remove(file) }
        try await resources.disk.makeDirectory(ProjectIndex.directory)
        var needed = try await NeededChunks(
            in: Set(parts.flatMap(\.list.shards)), source: router, keys: keys, project: message.project, file,
            in: resources.indexFiles)
        var whole: [ListedPart] = []
        for part in parts {
            if try await mark(part, &needed) { whole.append(part) } else { fixed.formUnion(part.list.shards) }
        }
        let choice = try await choose(whole, needed, besides: fixed)
        guard !choice.shards.isEmpty else { return Outcome() }
        return try await rewrite(choice, of: whole, needed)
    }

    private func list(_ record: ListRecord) async throws -> ReferenceList {
        let list = try await router.list(record.name, keys: keys)
        guard list.project == message.project, list.manifest == record.manifest, list.backup == record.backup else {
            throw HoldfastError(
                .corrupt, "Reference list \(record.name) is not of the manifest that it is said to be of")
        }
        return list
    }

    // MARK: what is needed

    /// - Returns: false where the part is damaged: nothing may then be concluded from it.
    private func mark(_ part: ListedPart, _ needed: inout NeededChunks) async throws -> Bool {
        let selection = needed.selection(part.list.shards)
        var isWhole = true
        do {
            try await forEachChunk(of: part.list) { chunk in
                if !needed.need(chunk, in: selection) { isWhole = false }
            }
        } catch let error as HoldfastError where Self.isDamage(error) {
            return false
        }
        return isWhole
    }

    private func forEachChunk(of list: ReferenceList, _ body: (ChunkReference) -> Void) async throws {
        let manifest = try await ManifestReader.open(
            source: router, keys: keys, project: message.project, name: list.manifest)
        guard manifest.header.service == list.service, manifest.header.backup == list.backup else {
            throw HoldfastError(.corrupt, "Manifest \(list.manifest) is of another part than its list says")
        }
        switch list.service.kind {
        case .database:
            var references = try manifest.database().references()
            while let reference = try await references.next() { body(reference) }
        case .media:
            var entries = try manifest.media()
            while let entry = try await entries.next() {
                if case .file(_, _, let chunks) = entry.kind { chunks.forEach(body) }
            }
        }
    }

    private static func isDamage(_ error: HoldfastError) -> Bool {
        [.corrupt, .notFound, .unsupported].contains(error.code)
    }

    private func choose(
        _ parts: [ListedPart], _ needed: NeededChunks, besides fixed: Set<ObjectName>
    ) async throws -> RewriteChoice {
        var candidates: [RewriteChoice.Candidate] = []
        for (shard, use) in needed.uses().sorted(by: { $0.key < $1.key })
        where use.isMostlyDead && !fixed.contains(shard) {
            let size = try await router.size(.shard, shard)
            candidates.append(RewriteChoice.Candidate(shard: shard, use: use, storedBytes: size))
        }
        return RewriteChoice(
            candidates, byteLimit: message.byteLimit,
            lists: parts.map { (Set($0.list.shards), ReferenceList.byteCount(shards: $0.list.shards.count)) })
    }

    // MARK: copying

    private func rewrite(
        _ choice: RewriteChoice, of parts: [ListedPart], _ needed: NeededChunks
    ) async throws -> Outcome {
        let copies = try await rewriteShards(
            choice.shards, needed, source: router, sink: router, keys: keys, project: message.project,
            entropy: resources.entropy, configuration: resources.archive)
        var lists: [(of: ListedPart, list: ReferenceList)] = []
        for part in parts where !copies.old.isDisjoint(with: part.list.shards) {
            let unread = Set(choice.shards).subtracting(copies.old)
            guard let list = try await newList(of: part, copies, needed, unread: unread) else { continue }
            lists.append((part, list))
        }
        guard !lists.isEmpty else { return Outcome() }
        try await hold(copies.new)
        // A newer coordinator may have spoken meanwhile, and collected what is here.
        try await resources.store.obey(message.order)
        var outcome = Outcome()
        for (part, list) in lists {
            let object = try list.sealed(keys)
            try await router.put(object)
            outcome.lists.append(StoredList(replaced: part.name, name: object.name, backup: list.backup))
        }
        try await learn(copies)
        outcome.reply = RewriteShards.Reply(
            shards: copies.old.count, deadBytes: choice.deadBytes, copiedBytes: copies.storedBytes,
            isPartial: choice.isPartial)
        return outcome
    }

    /// Nil where what the part needs is not certain to be in the new shards and those that stay.
    private func newList(
        of part: ListedPart, _ copies: RewrittenShards, _ needed: NeededChunks, unread: Set<ObjectName>
    ) async throws -> ReferenceList? {
        let staying = Set(part.list.shards).subtracting(copies.old)
        let readable = needed.selection(staying.subtracting(unread))
        let places = Dictionary(copies.entries.map { ($0.name, $0.location.shard) }, uniquingKeysWith: { $1 })
        var shards = staying
        var isWhole = true
        try await forEachChunk(of: part.list) { chunk in
            if needed.has(chunk, in: readable) { return }
            if let place = places[chunk.name] { shards.insert(place) } else { isWhole = false }
        }
        guard isWhole else { return nil }
        return ReferenceList(
            project: part.list.project, backup: part.list.backup, service: part.list.service,
            manifest: part.list.manifest, shards: shards)
    }

    /// In the name of the job: for the backups they are held once these are read by them.
    private func hold(_ shards: [ObjectName]) async throws {
        guard !shards.isEmpty else { return }
        guard let holder = BackupID(message.order.job.text) else {
            throw HoldfastError(.internal, "A job without an identifier")
        }
        guard case .held = try await router.hold(shards, for: holder, until: message.holdUntil) else {
            throw HoldfastError(.unavailable, "New shards were not kept by the nodes that should hold them")
        }
    }

    /// So that the next backups reckon with the new places. Where that can't be written they find it out by themselves.
    private func learn(_ copies: RewrittenShards) async throws {
        let (files, project) = (resources.indexFiles, message.project)
        try await projects.withTurn(project) {
            guard let known = try? ChunkIndex(project.text, in: files, project: project) else { return }
            _ = try? ChunkIndex.write(
                project.text, in: files, project: project, base: known, additions: copies.entries,
                dropping: copies.old)
        }
    }
}

/// A part by its reference list.
struct ListedPart {
    var name: ObjectName
    var list: ReferenceList

    init(_ name: ObjectName, _ list: ReferenceList) { (self.name, self.list) = (name, list) }
}

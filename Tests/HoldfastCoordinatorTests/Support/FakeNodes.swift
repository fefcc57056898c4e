import HoldfastCoordinator
import HoldfastModel
import HoldfastWire

/// A node that isn't there: a model of one destination's databases and trees, with trouble on demand.
///
/// Content is a text per service; a capture remembers it under a manifest, staging puts it aside under the job, a swap
/// exchanges it, exactly once per job.
actor FakeNodes: ConnectedNodes {
    enum Trouble: Sendable {
        /// The order is refused, nothing was done.
        case refuse(HoldfastError)
        /// The order is carried out, and the answer is an error.
        case actThenFail(HoldfastError)
        /// The node is gone before it does anything; back when `connect` is called.
        case vanish
        /// The node is gone after it did everything.
        case actThenVanish
        /// The order is carried out only when `release` is called.
        case hang
        /// A reading ends after so many pieces of a thousand bytes.
        case breakOff(afterPieces: Int, HoldfastError)
        /// A swap finds a reason to stay old.
        case stayOld
        /// A receipt or reply that doesn't hold water.
        case lie
    }

    final class Link: Sendable {}

    let node: NodeID
    let region: Name
    private(set) var content: [String: String] = [:]
    private(set) var aside: [JobID: [String: String]] = [:]
    private(set) var log: [String] = []
    private(set) var highestEpoch = Epoch(0)
    /// What a destination is, where it isn't what its address says.
    var identities: [String: PhysicalIdentity] = [:]
    var problems: [CheckReport.Problem] = []
    var verifyProblems: [String] = []
    /// Databases have roles that may not create others.
    private var isInPlace = false
    /// What a prepared file holds, and what was asked to be prepared.
    let prepared = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    private(set) var prepares: [PrepareDownload] = []
    /// What was asked to be read of it.
    private(set) var reads: [ReadDownload] = []
    /// So many zeros are read instead.
    private var zeros: Int64?
    /// The tables of every database.
    static let tables = (1...5).map { BackupTable(schema: "public", name: "t\($0)", rows: Int64($0), bytes: 10) }
    /// What is in media, by manifest, and the manifests that can't be read.
    private var trees: [ObjectName: [FoundFile]] = [:]
    private var unreadable: Set<ObjectName> = []
    private(set) var located: [LocateContent] = []
    private(set) var placed: [RestoreFiles] = []
    private(set) var compared: [CompareParts] = []
    /// The manifests that were looked into.
    private(set) var browsed: [ObjectName] = []
    /// What staging and swapping tell, each.
    private var warnings = Warnings()
    private(set) var previous: [CaptureServices.Previous] = []
    private(set) var captures: [CaptureServices] = []
    private(set) var checks: [CheckServices] = []
    private var manifests: [ObjectName: String] = [:]
    /// What the node keeps, for collections.
    var objects = FakeObjects()
    private var swapped: Set<JobID> = []
    private var troubles: [String: [Trouble]] = [:]
    private var link: Link? = Link()
    private var watchers: [AsyncStream<NodeConnections.Change>.Continuation] = []
    private var hanging: [Int: CheckedContinuation<Void, Never>] = [:]
    /// How many calls ever hung.
    private var hung = 0
    private var count: UInt8 = 0

    init(node: NodeID, region: Name) {
        self.node = node
        self.region = region
    }

    // MARK: what tests do

    func set(_ place: String, _ text: String) { content[place] = text }
    func set(identity: PhysicalIdentity, of place: String) { identities[place] = identity }
    func set(problems: [CheckReport.Problem]) { self.problems = problems }
    func set(isInPlace: Bool) { self.isInPlace = isInPlace }
    func set(verifyProblems: [String]) { self.verifyProblems = verifyProblems }
    func set(warning: String) { warnings.add(warning) }
    func set(_ files: [FoundFile], in manifest: ObjectName) { trees[manifest] = files }
    func spoil(_ manifest: ObjectName) { unreadable.insert(manifest) }
    func plan(_ trouble: Trouble, for message: String) { troubles[message, default: []].append(trouble) }

    func change(_ body: @Sendable (inout FakeObjects) -> Void) { body(&objects) }

    func connect() {
        link = Link()
        for watcher in watchers { watcher.yield(.connected(node)) }
    }

    func disconnect() {
        link = nil
        for watcher in watchers { watcher.yield(.disconnected(node)) }
    }

    func release() {
        for call in hanging.keys.sorted() { release(call) }
    }

    private func release(_ call: Int) { hanging.removeValue(forKey: call)?.resume() }

    /// Until `release` is called, or this call is cancelled.
    private func hang() async {
        hung += 1
        let call = hung
        await withTaskCancellationHandler {
            await withCheckedContinuation { hanging[call] = $0 }
        } onCancel: {
            Task { await self.release(call) }
        }
    }

    func count(of message: String) -> Int { log.count { $0 == message } }
    var hangingCount: Int { hanging.count }

    // MARK: ConnectedNodes

    func connected() -> [NodeID] { link == nil ? [] : [node] }
    func link(to node: NodeID) -> (any AnyObject & Sendable)? { node == self.node ? link : nil }

    func changes() -> AsyncStream<NodeConnections.Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: NodeConnections.Change.self)
        if link != nil { continuation.yield(.connected(node)) }
        watchers.append(continuation)
        return stream
    }

    func call<M: Message>(
        _ node: NodeID, _ message: M, onEvent: @Sendable (M.Event) async -> Void
    ) async throws -> M.Reply {
        try await perform(message, bulk: [], onEvent: onEvent).reply
    }

    func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: [UInt8]
    ) async throws -> (reply: M.Reply, received: [UInt8]) {
        try await perform(message, bulk: bulk, onEvent: { _ in })
    }

    private func perform<M: Message>(
        _ message: M, bulk: [UInt8], onEvent: @Sendable (M.Event) async -> Void
    ) async throws -> (reply: M.Reply, received: [UInt8]) {
        let gone = HoldfastError(.unavailable, "The node is not connected")
        guard link != nil else { throw gone }
        log.append(M.name)
        let trouble = nextTrouble(for: M.name)
        switch trouble {
        case .refuse(let error): throw error
        case .vanish:
            disconnect()
            throw gone
        case .hang:
            await hang()
            try Task.checkCancellation()
        default: break
        }
        if let progress = Progress(step: M.name, bytes: 1) as? M.Event { await onEvent(progress) }
        var received: [UInt8] = []
        let reply: any Sendable
        if let answer = try answer(message, bulk) {
            (reply, received) = answer
        } else {
            reply = try act(message, trouble)
        }
        switch trouble {
        case .actThenFail(let error): throw error
        case .actThenVanish:
            disconnect()
            throw gone
        default: break
        }
        guard let reply = reply as? M.Reply else { throw HoldfastError(.unsupported, M.name) }
        return (reply, received)
    }

    private func nextTrouble(for message: String) -> Trouble? {
        troubles[message]?.isEmpty == false ? troubles[message]?.removeFirst() : nil
    }

    /// What is asked of the node's store; nil for what is not.
    private func answer(_ message: any Message, _ bulk: [UInt8]) throws -> (any Sendable, [UInt8])? {
        switch message {
        case let message as MeasureObjects: return (objects.measure(message), [])
        case let message as SurveyObjects: return objects.survey(message)
        case let message as BuryBackups:
            try obey(message.order)
            return (objects.bury(bulk), [])
        case let message as CondemnShards:
            try obey(message.order)
            return (objects.condemn(bulk), [])
        case let message as SpareShards:
            try obey(message.order)
            return (objects.spare(bulk), [])
        case let message as DeleteObjects:
            try obey(message.order)
            return (objects.delete(bulk), [])
        case let message as RewriteShards:
            try obey(message.order)
            return objects.rewrite()
        case let message as ListTables:
            browsed.append(message.manifest)
            let tables = Array(Self.tables.dropFirst(message.after).prefix(message.limit))
            return (ListTables.Reply(total: Self.tables.count), try WireJSON.bulk(of: tables, "tables"))
        case let message as ListFiles:
            browsed.append(message.manifest)
            let file = BackupFile(
                name: "from \(message.from ?? "the beginning")", kind: .file, bytes: 1,
                modifiedAt: Timestamp(milliseconds: 0), mode: 0o644, owner: 0, group: 0, target: nil, remarks: nil)
            return (ListFiles.Reply(next: "next of \(message.path)"), try WireJSON.bulk(of: [file], "files"))
        case let message as FindFiles: return try find(message)
        case let message as CompareParts:
            compared.append(message)
            if unreadable.contains(message.old) { throw HoldfastError(.corrupt, "The manifest is damaged") }
            var difference = PartDifference(totals: .init(), files: [], next: "x/y")
            difference.totals.added.add(7)
            return (Done(), try WireJSON.bulk(of: difference, "difference"))
        case let message as GetObject: return try objects.get(message)
        case let message as HoldObjects: return objects.hold(message, bulk)
        case let message as ReleaseObjects:
            try obey(message.order)
            return (objects.release(message, bulk), [])
        case let message as ReplaceList:
            try obey(message.order)
            return (objects.replace(message, bulk), [])
        default: return nil
        }
    }

    private func find(_ message: FindFiles) throws -> (any Sendable, [UInt8]) {
        browsed.append(message.manifest)
        if unreadable.contains(message.manifest) { throw HoldfastError(.corrupt, "The manifest is damaged") }
        let pattern = try PathPattern(message.pattern)
        let all = (trees[message.manifest] ?? []).filter {
            pattern.matches(Array($0.path.utf8)) && $0.path > message.after ?? ""
        }
        return (
            FindFiles.Reply(isCut: all.count > message.limit),
            try WireJSON.bulk(of: Array(all.prefix(message.limit)), "files")
        )
    }

    func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> M.Reply {
        guard link != nil, node == self.node else { throw HoldfastError(.unavailable, "The node is not connected") }
        guard let read = message as? ReadDownload, let done = Done() as? M.Reply else {
            throw HoldfastError(.unsupported, M.name)
        }
        log.append(M.name)
        reads.append(read)
        if let zeros {
            let end = min(read.offset + read.length, zeros)
            for start in stride(from: read.offset, to: end, by: 1 << 20) {
                try await bulk([UInt8](repeating: 0, count: Int(min(1 << 20, end - start))))
            }
            return done
        }
        let trouble = nextTrouble(for: M.name)
        if case .refuse(let error)? = trouble { throw error }
        let wanted = prepared.dropFirst(Int(read.offset)).prefix(Int(read.length))
        for (piece, start) in stride(from: wanted.startIndex, to: wanted.endIndex, by: 1000).enumerated() {
            if case .breakOff(afterPieces: piece, let error)? = trouble { throw error }
            try await bulk(Array(wanted[start..<min(start + 1000, wanted.endIndex)]))
        }
        return done
    }

    func read(zeros: Int64) { self.zeros = zeros }

    /// It has heard of a term of office.
    func obey(_ epoch: Epoch) { highestEpoch = max(highestEpoch, epoch) }

    private func act(_ message: any Message, _ trouble: Trouble?) throws -> any Sendable {
        switch message {
        case let message as CheckServices: return check(message)
        case let message as CaptureServices: return try capture(message, trouble)
        case let message as StageServices: return try stage(message, trouble)
        case let message as VerifyStaged:
            try obey(message.order)
            return Done()
        case let message as SwapServices: return try swap(message, trouble)
        case let message as ConfirmSwap:
            try obey(message.order)
            return Done()
        case let message as DropAside: return try drop(message)
        case let message as PrepareDownload:
            try obey(message.order)
            prepares.append(message)
            return PrepareDownload.Reply(bytes: Int64(prepared.count), sha256: "ab", layout: "00")
        case let message as RestoreFiles:
            try obey(message.order)
            placed.append(message)
            return FileRestoreReport(place: message.place, counts: MediaCounts())
        case let message as TidyFiles:
            try obey(message.order)
            return TidyFiles.Reply(report: nil)
        case let message as LocateContent:
            located.append(message)
            guard message.path != "missing" else { throw HoldfastError(.notFound, "The backup has no file missing") }
            return LocateContent.Reply(
                bytes: Int64(prepared.count), layout: "00", isDirectory: message.path == "directory")
        case is VerifyBackup:
            var report = VerifyReport()
            report.problems = verifyProblems
            return report
        default: throw HoldfastError(.unsupported, "no such order")
        }
    }

    private func obey(_ order: Order) throws {
        guard order.epoch >= highestEpoch else { throw HoldfastError(.deposed, "An older epoch") }
        highestEpoch = order.epoch
    }

    // MARK: orders

    private func check(_ message: CheckServices) -> CheckReport {
        checks.append(message)
        return CheckReport(
            services: message.services.map { check in
                CheckReport.ServiceReport(
                    service: check.target.service, identity: identity(of: check.target), problems: problems,
                    isInPlace: isInPlace && check.target.service.kind == .database && check.manifest != nil ? true : nil
                )
            })
    }

    func identity(of target: ServiceTarget) -> PhysicalIdentity {
        let place = target.place
        if let identity = identities[place] { return identity }
        return switch target.location {
        case .database(let address, _): .database(system: address.host, oid: 1, name: address.database)
        case .media:
            .media(node: node, root: FileIdentity(device: 1, inode: inode(of: place)), ancestors: [])
        }
    }

    private func inode(of place: String) -> UInt64 { place.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) } }

    private func capture(_ message: CaptureServices, _ trouble: Trouble?) throws -> CaptureServices.Reply {
        try obey(message.order)
        previous = message.previous
        captures.append(message)
        let parts = try message.services.map { target in
            guard let text = content[target.place] else { throw HoldfastError(.checkFailed, "\(target.place) is gone") }
            count += 1
            let manifest = ObjectName(bytes: [UInt8](repeating: count, count: 32))
            manifests[manifest] = text
            self.objects.store(text, manifest: manifest, of: message.backup)
            let now = Timestamp(milliseconds: 1_795_381_200_000)
            return BackupPart(
                service: target.service, manifest: manifest, references: manifest, startedAt: now, endedAt: now,
                sizes: PartSizes(), counts: .media(MediaCounts()), warnings: Warnings())
        }
        let objects = 2 * parts.count
        let held = if case .lie = trouble { objects - 1 } else { objects }
        return CaptureServices.Reply(
            parts: parts,
            receipt: Receipt(
                layout: message.terms.layout.number, heldUntil: message.holdUntil, objects: objects,
                holdings: [Receipt.Holding(node: node, region: region, objects: held, bytes: 10)]))
    }

    private func stage(_ message: StageServices, _ trouble: Trouble?) throws -> StageServices.Reply {
        try obey(message.order)
        let job = message.order.job
        var staged: [StagedService] = []
        for stage in message.services {
            let place = stage.target.place
            if stage.isInPlace == true {
                staged.append(StagedService(service: stage.target.service, content: .databaseInPlace(live: 1)))
                continue
            }
            switch stage.content {
            case .part(_, let manifest, _, _, _): aside[job, default: [:]][place] = manifests[manifest]
            case .kept(let earlier, _):
                if let text = aside[earlier]?.removeValue(forKey: place) { aside[job, default: [:]][place] = text }
            }
            staged.append(
                StagedService(
                    service: stage.target.service, content: .database(live: 1, staged: 2, name: "hf_\(job)_new")))
        }
        if case .lie = trouble { staged.removeLast() }
        return StageServices.Reply(services: staged, warnings: warnings)
    }

    private func swap(_ message: SwapServices, _ trouble: Trouble?) throws -> SwapServices.Reply {
        try obey(message.order)
        let job = message.order.job
        if swapped.contains(job) { return SwapServices.Reply(side: .new, warnings: warnings) }
        if case .stayOld = trouble {
            return SwapServices.Reply(side: .old, reason: HoldfastError(.busy, "A session can't be ended"))
        }
        swapped.insert(job)
        for item in message.services {
            let place = item.target.place
            if case .part(_, let manifest, _, _, _)? = item.content, message.source != nil, item.staged.isInPlace {
                content[place] = manifests[manifest]
                continue
            }
            (content[place], aside[job, default: [:]][place]) = (aside[job]?[place], content[place])
        }
        return SwapServices.Reply(side: .new, warnings: warnings)
    }

    private func drop(_ message: DropAside) throws -> Done {
        try obey(message.order)
        let job = message.order.job
        switch message.aside {
        case .old: aside[job] = nil
        case .staged:
            guard !swapped.contains(job) else { throw HoldfastError(.internal, "The old content was to be dropped") }
            aside[job] = nil
        case .givenBack(let earlier):
            if let texts = aside.removeValue(forKey: job) { aside[earlier, default: [:]].merge(texts) { $1 } }
        }
        if aside[job]?.isEmpty == true { aside[job] = nil }
        return Done()
    }
}

extension ServiceTarget {
    var place: String {
        switch location {
        case .database(let address, _): address.description
        case .media(let path): path
        }
    }
}

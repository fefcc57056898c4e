import HoldfastArchive
package import HoldfastModel
package import HoldfastWire

/// The part of a node that reads and writes services. Every order is carried out to its end or can be given again: what a
/// job makes at a destination is noted first, and each step reads where an earlier attempt stopped.
package struct Worker: Sendable {
    private let resources: WorkerResources
    private let notes: WorkNotes
    /// The index of a project has one writer.
    private let projects = Turns<ProjectID>()
    /// How far the backup is that has its project's turn.
    private let captures = CaptureMeters()
    /// An order may come again while its first handler is still ending.
    private let jobs = Turns<JobID>()
    private let indexes = ReadingIndexes()
    var swapReached: @Sendable (SwapWork.Point) throws -> Void = { _ in }
    /// Called before each change to a tree by a restore of files.
    var fileRestoreStep: FileRestoreWork.Step = { _ in }
    /// Called before each change to a tree in an exchange.
    var exchangeStep: @Sendable (_ next: String) throws -> Void = { _ in }

    package init(_ resources: WorkerResources) {
        self.resources = resources
        notes = WorkNotes(disk: resources.disk)
    }

    package typealias ProgressSender = @Sendable (Progress) async throws -> Void

    package func check(_ message: CheckServices) async throws -> CheckReport {
        try await ServiceChecks(resources: resources).run(message)
    }

    /// - Returns: parts and receipt, once everything is stored and held.
    package func capture(
        _ message: CaptureServices, progress: @escaping ProgressSender = { _ in }
    ) async throws -> CaptureServices.Reply {
        try await resources.store.obey(message.order)
        return try await ProgressMeter.reporting("capture", time: resources.time, to: progress) { meter in
            if projects.isTaken(message.project) {
                // What the other does is progress for the one that waits.
                meter.follow(captures[message.project], as: "waiting for another backup of this project")
            }
            return try await projects.withTurn(message.project) {
                meter.set(Progress(step: "capture"))
                captures[message.project] = meter
                defer { captures[message.project] = nil }
                // A newer coordinator may have spoken while this waited.
                try await resources.store.obey(message.order)
                // What a coordinator orders also tells which layout is in use.
                try await resources.store.learn(layout: message.terms.layout.number)
                return try await around(message, meter) {
                    try await CaptureWork(message, resources: resources, meter: meter).run()
                }
            }
        }
    }

    private func around(
        _ message: CaptureServices, _ meter: ProgressMeter, _ work: () async throws -> CaptureServices.Reply
    ) async throws -> CaptureServices.Reply {
        guard let hooks = resources.hooks else { return try await work() }
        return try await hooks.around(message, meter: meter, work)
    }

    package func stage(
        _ message: StageServices, progress: @escaping ProgressSender = { _ in }
    ) async throws -> StageServices.Reply {
        try await ordered(message.order) {
            try await resources.store.learn(layout: message.terms.layout.number)
            return try await ProgressMeter.reporting("stage", time: resources.time, to: progress) { meter in
                let work = try StagingWork(message, resources: resources, notes: notes, meter: meter)
                return try await work.run()
            }
        }
    }

    package func verify(_ message: VerifyStaged, progress: @escaping ProgressSender = { _ in }) async throws {
        try await ordered(message.order) {
            try await ProgressMeter.reporting("verify", time: resources.time, to: progress) { meter in
                try await StagedVerification(message, resources: resources, meter: meter).run()
            }
        }
    }

    /// - Throws: where the side is not known; the order is to be given again.
    package func swap(
        _ message: SwapServices, progress: @escaping ProgressSender = { _ in }
    ) async throws -> SwapServices.Reply {
        try await ordered(message.order) {
            try await ProgressMeter.reporting("swap", time: resources.time, to: progress) { meter in
                try await SwapWork(
                    resources: resources, notes: notes, message: message, meter: meter, reached: swapReached,
                    step: exchangeStep
                ).run()
            }
        }
    }

    package func confirm(_ message: ConfirmSwap) async throws {
        try await ordered(message.order) {
            let swap = SwapServices(order: message.order, services: message.services)
            try await SwapWork(resources: resources, notes: notes, message: swap).confirm()
        }
    }

    package func drop(_ message: DropAside) async throws {
        try await ordered(message.order) {
            try await AsideWork(resources: resources, notes: notes, job: message.order.job).run(message)
        }
    }

    /// Puts a file or directory into a media tree.
    package func restore(
        _ message: RestoreFiles, progress: @escaping ProgressSender = { _ in }
    ) async throws -> FileRestoreReport {
        try await ordered(message.order) {
            try await resources.store.learn(layout: message.terms.layout.number)
            return try await ProgressMeter.reporting("place", time: resources.time, to: progress) { meter in
                try await FileRestoreWork(
                    message: message, resources: resources, notes: notes, meter: meter, step: fileRestoreStep
                ).run()
            }
        }
    }

    package func tidy(_ message: TidyFiles) async throws -> TidyFiles.Reply {
        try await ordered(message.order) {
            try await FileRestoreTidying(
                message: message, resources: resources, notes: notes, step: fileRestoreStep
            ).run()
        }
    }

    package func verify(
        _ message: VerifyBackup, progress: @escaping ProgressSender = { _ in }
    ) async throws -> VerifyReport {
        try await ProgressMeter.reporting("verify", time: resources.time, to: progress) { meter in
            var verification = try BackupVerification(message, resources: resources, meter: meter)
            return try await verification.run()
        }
    }

    /// Fetches objects that this node lacks from others.
    ///
    /// - Returns: what came, and which objects no node gave.
    package func fetch(
        _ message: FetchObjects, _ objects: [ObjectReference]
    ) async throws -> (reply: FetchObjects.Reply, missing: [ObjectReference]) {
        try await resources.store.obey(message.order)
        try await resources.store.learn(layout: message.terms.layout.number)
        let router = resources.router(message.project, message.terms)
        var (reply, missing): (FetchObjects.Reply, [ObjectReference]) = (.init(objects: 0, bytes: 0), [])
        try await withThrowingTaskGroup(of: (ObjectReference, Int64?).self) { group in
            var left = objects[...]
            func begin() {
                guard let object = left.popFirst() else { return }
                group.addTask { (object, try await router.fetch(object)) }
            }
            for _ in 0..<Self.fetchesAtOnce { begin() }
            while let (object, bytes) = try await group.next() {
                if let bytes {
                    reply.objects += 1
                    reply.bytes += bytes
                } else {
                    missing.append(object)
                }
                begin()
            }
        }
        return (reply, missing.sorted())
    }

    /// While one is synced others are on their way.
    private static let fetchesAtOnce = 4

    /// - Parameter lists: records of 77 bytes.
    /// - Returns: what was done, and records of 76 bytes of the lists that were stored.
    package func rewrite(
        _ message: RewriteShards, _ lists: [[UInt8]]
    ) async throws -> (reply: RewriteShards.Reply, stored: [UInt8]) {
        let records = try lists.map(ListRecord.init)
        return try await ordered(message.order) {
            try await resources.store.learn(layout: message.terms.layout.number)
            let outcome = try await RewriteWork(message, resources: resources, projects: projects).run(records)
            return (outcome.reply, outcome.lists.flatMap(\.bytes))
        }
    }

    package func prepare(
        _ message: PrepareDownload, progress: @escaping ProgressSender = { _ in }
    ) async throws -> PrepareDownload.Reply {
        try await ordered(message.order) {
            try await resources.store.learn(layout: message.terms.layout.number)
            return try await ProgressMeter.reporting("prepare", time: resources.time, to: progress) { meter in
                let index = indexes.index(of: message.project, resources)
                return try await DownloadPreparation(message, resources: resources, index: index, meter: meter).run()
            }
        }
    }

    /// Finds something in a part, for `read`.
    package func locate(
        _ message: LocateContent, progress: @escaping ProgressSender = { _ in }
    ) async throws -> LocateContent.Reply {
        try await resources.store.learn(layout: message.terms.layout.number)
        return try await ProgressMeter.reporting("locate", time: resources.time, to: progress) { meter in
            let part = try await DownloadPart(
                manifest: message.manifest, references: message.references, project: message.project,
                keys: try ProjectKeys(serialized: message.keys),
                router: resources.router(message.project, message.terms, meter),
                index: indexes.index(of: message.project, resources))
            let service = part.manifest.header.service
            let layouts = ContentLayouts(part: part) { meter.set("locate", service, bytes: $0, totalBytes: $1) }
            let layout: DownloadLayout
            if let table = message.table {
                layout = try await layouts.table(table, subject: message.subject)
            } else {
                layout = try await layouts.fileOrDirectory(message.path ?? "")
            }
            var isDirectory = false
            if case .directory = layout.form { isDirectory = true }
            return LocateContent.Reply(
                bytes: Int64(clamping: layout.byteCount), layout: layout.text, isDirectory: isDirectory)
        }
    }

    /// Gives a range of a prepared file, in pieces of about 256 KiB.
    package func read(_ message: ReadDownload, to give: @escaping ([UInt8]) async throws -> Void) async throws {
        guard message.offset >= 0, message.length >= 0 else {
            throw HoldfastError(.invalidArgument, "A range can't begin or be below zero")
        }
        let layout = try DownloadLayout(message.layout)
        let part = try await DownloadPart(
            manifest: message.manifest, references: message.references, project: message.project,
            keys: try ProjectKeys(serialized: message.keys),
            router: resources.router(message.project, message.terms),
            index: indexes.index(of: message.project, resources))
        var batch = BulkBatch(give)
        let start = UInt64(message.offset)
        try await part.read(layout, start..<start + UInt64(message.length)) { try await batch.add($0) }
        try await batch.flush()
    }

    /// Deletes what this worker has of a project that the store has erased: its index. A backup at work ends first, which it
    /// does as nothing of the project is taken any more. Durable on return.
    package func erase(_ project: ProjectID) async throws {
        try await projects.withTurn(project) { try await ProjectIndex.remove(of: [project], resources: resources) }
        indexes.forget([project])
    }

    /// The same for what a crash left.
    package func finishErasures() async throws {
        try await ProjectIndex.remove(of: await resources.store.erased, resources: resources)
    }

    package func tables(_ message: ListTables) async throws -> (tables: [BackupTable], total: Int) {
        let browsing = try await BackupBrowsing(
            message.manifest, of: message.project, keys: message.keys, terms: message.terms, resources: resources)
        return try await browsing.tables(after: message.after, limit: message.limit)
    }

    package func files(_ message: ListFiles) async throws -> (files: [BackupFile], next: String?) {
        let browsing = try await BackupBrowsing(
            message.manifest, of: message.project, keys: message.keys, terms: message.terms, resources: resources)
        let page = try await browsing.files(in: message.path, from: message.from, limit: message.limit)
        return (page.files, page.next?.text)
    }

    package func find(_ message: FindFiles) async throws -> (files: [FoundFile], isCut: Bool) {
        let browsing = try await BackupBrowsing(
            message.manifest, of: message.project, keys: message.keys, terms: message.terms, resources: resources)
        let search = try await browsing.find(message.pattern, after: message.after, limit: message.limit)
        return (search.files, search.isCut)
    }

    package func compare(_ message: CompareParts) async throws -> PartDifference {
        try await PartComparison(message: message, resources: resources).run()
    }

    package func describe(_ message: DescribeParts, _ manifests: [ObjectName]) async throws -> [PartDescription] {
        try await PartDescriptions(message: message, resources: resources).run(manifests)
    }

    private func ordered<Result>(_ order: Order, _ work: () async throws -> Result) async throws -> Result {
        try await resources.store.obey(order)
        return try await jobs.withTurn(order.job) {
            // A newer coordinator may have spoken while this waited.
            try await resources.store.obey(order)
            return try await work()
        }
    }
}

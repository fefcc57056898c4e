import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// Brings the services of one order to one side. The databases' COMMIT decides; without databases the first durable
/// exchange list does.
struct SwapWork {
    /// A place where a crash is of interest; tests let the worker die there.
    enum Point: Hashable, Sendable {
        case databasesPrepared, mediaExchanged, committed
    }

    let resources: WorkerResources
    let notes: WorkNotes
    let message: SwapServices
    var meter = ProgressMeter()
    var reached: @Sendable (Point) throws -> Void = { _ in }
    /// Called before each change to a tree.
    var step: @Sendable (_ next: String) throws -> Void = { _ in }
    /// A server ends a swap that is silent for a minute.
    private static let silence = Duration.seconds(15)

    private var job: JobID { message.order.job }
    private var media: [SwapServices.Item] { message.services.filter { $0.target.service.kind == .media } }

    func run() async throws -> SwapServices.Reply {
        let databases = try swapItems()
        for item in message.services {
            guard case .databaseInPlace(let live) = item.staged.content else { continue }
            guard databases.isEmpty, !message.services.contains(where: { $0.staged.isInPlace && $0 != item }) else {
                throw HoldfastError(.invalidArgument, "\(item.target.service) can't be decided with another database")
            }
            return try await replace(item, oid: live)
        }
        return databases.isEmpty ? try await swapMedia() : try await swap(databases)
    }

    private func swapItems() throws -> [SwapItem] {
        try message.services.compactMap { item in
            guard case .database(let live, let staged, _) = item.staged.content else { return nil }
            return SwapItem(login: try resources.login(item.target), live: live, staged: staged)
        }
    }

    // MARK: With databases

    private func swap(_ items: [SwapItem]) async throws -> SwapServices.Reply {
        var old: [SwapItem] = []
        for item in items where try await resources.databases.side(of: item, job: job) == .old { old.append(item) }
        if old.count < items.count {
            // An earlier attempt was committed on at least one server: there is only forward.
            let rest = old
            return try await Uninterrupted.run { try await goForward(rest, $0) }
        }
        try settleMedia(toward: .old, onlyBegun: true)
        return try await Uninterrupted.run { uninterrupted in
            try await exchange(uninterrupted) { try await resources.databases.prepareSwap(of: items, job: job) }
        }
    }

    /// A database whose content is replaced within the transaction that decides.
    private func replace(_ item: SwapServices.Item, oid: UInt32) async throws -> SwapServices.Reply {
        let inPlace = InPlaceItem(login: try resources.login(item.target), oid: oid, job: job)
        let noted = try await notes.read(job).transaction
        if try await resources.databases.side(of: inPlace, transaction: noted) == .new {
            return try await Uninterrupted.run { try await goForward([], $0) }
        }
        try settleMedia(toward: .old, onlyBegun: true)
        guard let source = message.source, let content = item.content else {
            throw HoldfastError(.invalidArgument, "The order does not say what \(item.target.service) is to hold")
        }
        let work = try InPlaceWork(source, job: job, resources: resources, meter: meter)
        return try await Uninterrupted.run { uninterrupted in
            try await exchange(uninterrupted) { try await work.replace(item.target, oid: oid, content) }
        }
    }

    private func exchange(
        _ uninterrupted: Uninterrupted, _ prepare: () async throws -> any DatabaseSwap
    ) async throws -> SwapServices.Reply {
        let swap: any DatabaseSwap
        do {
            for item in media { _ = try MediaExchange.prepare(try staging(item)) }
            swap = try await prepare()
        } catch {
            return try stayedOld(error)
        }
        var warnings = Warnings()
        for warning in swap.warnings { warnings.add(warning.printable(limit: 400)) }
        do {
            // Durable before anything that the outcome decides about.
            if let transaction = swap.transaction { try await note { $0.transaction = transaction } }
            try reached(.databasesPrepared)
            try uninterrupted.begin()
            warnings.add(try await settleMedia(toward: .new, keeping: swap))
            try await note(warnings)
            try reached(.mediaExchanged)
            // What else is to be heard of a swap that is lost is heard before its outcome is in doubt.
            try await swap.keepAlive()
        } catch {
            if error is SwapInterruption {
                await swap.rollback()
                throw error
            }
            // Media first: as long as the transaction holds its locks, nobody sees the old database with the new media.
            do {
                try await settleMedia(toward: .old, keeping: swap)
            } catch {
                await swap.rollback()
                throw error
            }
            await swap.rollback()
            return try stayedOld(error)
        }
        switch try await swap.commit() {
        case .new:
            try reached(.committed)
            return SwapServices.Reply(side: .new, warnings: warnings)
        case .old:
            try settleMedia(toward: .old, onlyBegun: true)
            return try stayedOld(HoldfastError(.conflict, "The database server rolled the swap back"))
        }
    }

    private func goForward(_ old: [SwapItem], _ uninterrupted: Uninterrupted) async throws -> SwapServices.Reply {
        let noted = try await notes.read(job).swapWarnings
        if old.isEmpty {
            let found = try settleMedia(toward: .new)
            return SwapServices.Reply(side: .new, warnings: noted ?? found)
        }
        let swap = try await resources.databases.prepareSwap(of: old, job: job)
        let found: Warnings
        do {
            try uninterrupted.begin()
            found = try await settleMedia(toward: .new, keeping: swap)
            try await swap.keepAlive()
        } catch {
            await swap.rollback()
            throw error
        }
        guard try await swap.commit() == .new else {
            throw HoldfastError(
                .unavailable, "One database server has swapped and another rolled back; the swap has to be repeated")
        }
        return SwapServices.Reply(side: .new, warnings: noted ?? found)
    }

    /// Durable on return.
    private func note(_ warnings: Warnings) async throws {
        let wanted = warnings.count > 0 ? warnings : nil
        guard try await notes.read(job).swapWarnings != wanted else { return }
        try await note { $0.swapWarnings = wanted }
    }

    /// Durable on return.
    private func note(_ change: (inout WorkNote) -> Void) async throws {
        var note = try await notes.read(job)
        change(&note)
        try await notes.write(note)
    }

    /// Why nothing was swapped. Being cancelled is no reason: the order will come again.
    private func stayedOld(_ error: any Error) throws -> SwapServices.Reply {
        let reason = HoldfastError(error)
        if reason.code == .cancelled { throw reason }
        return SwapServices.Reply(side: .old, reason: reason)
    }

    // MARK: Media

    private func swapMedia() async throws -> SwapServices.Reply {
        var isDecided = false
        for item in media where try MediaExchange.open(try staging(item)) != nil { isDecided = true }
        if !isDecided {
            do {
                // What every tree needs is looked at before the first list decides.
                for item in media { _ = try staging(item) }
            } catch {
                return try stayedOld(error)
            }
        }
        for item in media {
            do {
                _ = try MediaExchange.prepare(try staging(item))
                isDecided = true
            } catch  where !isDecided {
                return try stayedOld(error)
            }
        }
        try reached(.databasesPrepared)
        let noted = try await notes.read(job).swapWarnings
        let found = try settleMedia(toward: .new)
        if noted == nil { try await note(found) }
        try reached(.mediaExchanged)
        return SwapServices.Reply(side: .new, warnings: noted ?? found)
    }

    /// Settles the trees while the swap's servers keep hearing that this client lives. Toward the new side it stops where
    /// they have ended the swap.
    @discardableResult
    private func settleMedia(toward side: SwapSide, keeping swap: any DatabaseSwap) async throws -> Warnings {
        let time = resources.time
        return try await withThrowingTaskGroup(of: Warnings?.self) { group in
            group.addTask {
                try settleMedia(toward: side, onlyBegun: side == .old) {
                    if side == .new { try Task.checkCancellation() }
                }
            }
            // The swap itself stays in this task; only the clock and the trees have tasks of their own.
            group.addTask { await Self.wait(time) }
            var told = Warnings()
            while let settled = try await group.next() {
                if let settled {
                    told = settled
                    break
                }
                // Cancelled before anything moved: the trees' task ends by itself at once.
                if Task.isCancelled { continue }
                do {
                    try await swap.keepAlive()
                } catch  where side == .old {
                    // A swap that is lost is what is wanted here.
                }
                group.addTask { await Self.wait(time) }
            }
            group.cancelAll()
            return told
        }
    }

    private static func wait(_ time: any TimeSource) async -> Warnings? {
        try? await time.sleep(for: silence)
        return nil
    }

    /// `onlyBegun` leaves trees alone whose exchange was never prepared.
    @discardableResult
    private func settleMedia(
        toward side: SwapSide, onlyBegun: Bool = false, mayGoOn: @escaping () throws -> Void = {}
    ) throws -> Warnings {
        let step = step
        var warnings = Warnings()
        for item in media {
            let staging = try staging(item)
            if onlyBegun, try MediaExchange.open(staging) == nil { continue }
            var exchange = try MediaExchange.prepare(staging) { next in
                try mayGoOn()
                try step(next)
            }
            warnings.add(try exchange.settle(toward: side).told, on: item.target.service)
        }
        return warnings
    }

    private func staging(_ item: SwapServices.Item) throws -> MediaStaging {
        guard case .media(let root, let staged, _) = item.staged.content else {
            throw StagingWork.wrongContent(item.target.service)
        }
        let directory = try resources.root(item.target)
        guard directory.identity == root else {
            throw HoldfastError(.conflict, "'\(directory.path)' is not the directory that was staged for")
        }
        guard let staging = try MediaStaging.find(in: directory, job: job, expected: staged) else {
            throw HoldfastError(.notFound, "What was staged in '\(directory.path)' is gone; restore again")
        }
        return staging
    }

    // MARK: Afterwards

    /// Whether every service is on its new side and can be reached.
    func confirm() async throws {
        for item in message.services {
            switch item.staged.content {
            case .database(_, let staged, _):
                try await resources.databases.confirm(try resources.login(item.target), oid: staged)
            case .databaseInPlace(let live):
                let inPlace = InPlaceItem(login: try resources.login(item.target), oid: live, job: job)
                try await resources.databases.confirm(inPlace)
            case .media:
                guard try MediaExchange.open(try staging(item))?.side() == .new else {
                    throw HoldfastError(.conflict, "\(item.target.service) does not have the new content everywhere")
                }
            }
        }
    }
}

/// Thrown by a test at a point of the swap: the worker dies there, and cleans nothing up.
struct SwapInterruption: Error {}

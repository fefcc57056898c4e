import Glibc
package import HoldfastModel

/// Swaps the entries of a tree's root with those staged beside them, one name after the other, so that whoever has the
/// root directory open or mounted sees the new content.
///
/// Where each thing lies is read by inode before it is moved; no exchange is ever simply repeated. Whatever step a crash
/// interrupts, `settle` brings every name to either side.
///
/// Memory: the names in the root and in the staged root.
package struct MediaExchange {
    /// Called before each change to the file system, with what comes next. Tests let it throw, as a crash would.
    package typealias Step = (_ next: String) throws -> Void

    package enum Side: Equatable, Sendable {
        case old, new
        /// Interrupted in the middle: to be settled.
        case mixed
    }

    package struct Outcome: Sendable {
        /// Names that something made or replaced in the root after the list was made. They count as old content.
        package var madeMeanwhile: [String] = []
        /// Names that appeared in the root during or after the exchange. They are left where they are.
        package var leftAlone: [String] = []
        package var warnings = Warnings()

        /// All of it, for people.
        package var told: Warnings {
            var told = warnings
            for name in madeMeanwhile { told.add("\(name) was made meanwhile and lies with the old content.") }
            for name in leftAlone { told.add("\(name) was made during the exchange and stays among the new content.") }
            return told
        }
    }

    let staging: MediaStaging
    var list: ExchangeList
    let mayExchange: Bool
    let step: Step

    private init(_ staging: MediaStaging, _ list: ExchangeList, mayExchange: Bool, step: @escaping Step) {
        self.staging = staging
        self.list = list
        self.mayExchange = mayExchange
        self.step = step
    }

    /// Makes the list durable, from what lies in the root and in the staged tree now, unless that is done.
    ///
    /// `mayExchange` false does as on a file system that can't exchange two names in one step.
    package static func prepare(
        _ staging: MediaStaging, mayExchange: Bool = true, step: @escaping Step = { _ in }
    ) throws -> MediaExchange {
        if let exchange = try open(staging, mayExchange: mayExchange, step: step) { return exchange }
        guard let staged = try StagedRoot(in: staging) else {
            throw HoldfastError(
                .conflict, "The content staged in '\(staging.root.path)' was never finished; stage it again.")
        }
        do {
            let live = try things(in: staging.root.handle, isRoot: true)
            let list = ExchangeList(
                job: staging.job, oldRoot: try RootMetadata(of: staging.root.handle), newRoot: staged.metadata,
                old: live, new: try things(in: staging.tree.handle, isRoot: false))
            let exchange = MediaExchange(staging, list, mayExchange: mayExchange, step: step)
            try exchange.save()
            return exchange
        } catch let failure as CallFailure {
            throw failure.error("list", [])
        }
    }

    /// The exchange that a list on disk describes; nil where none was prepared.
    package static func open(
        _ staging: MediaStaging, mayExchange: Bool = true, step: @escaping Step = { _ in }
    ) throws -> MediaExchange? {
        guard let bytes = try staging.record(ExchangeList.name) else { return nil }
        return MediaExchange(staging, try ExchangeList(bytes), mayExchange: mayExchange, step: step)
    }

    /// Where the entries lie. A crash may have left the root directory's own metadata behind; `settle` mends that.
    ///
    /// Names that tell nothing, because an application removed them, count for neither side. Where no name tells, as with
    /// two empty sides, it is the direction of the last move that was begun: the root's metadata may be the same on both
    /// sides, or not ours to change.
    package func side() throws -> Side {
        do {
            var (olds, news) = (0, 0)
            for slot in list.slots {
                switch try state(of: slot) {
                case .old: olds += 1
                case .new: news += 1
                case .mixed: return .mixed
                case nil: break
                }
            }
            if olds > 0 { return news > 0 ? .mixed : .old }
            if news > 0 { return .new }
            return list.hasBegun ? .new : .old
        } catch {
            throw error.error("look at", [])
        }
    }

    /// Brings every name, and the root's own metadata, to one side, and syncs. May be repeated, and turned round.
    ///
    /// The first time toward `.new`, what was made in the root since the list was made joins the old side, so that the
    /// result is the staged content and nothing else.
    package mutating func settle(toward target: SwapSide) throws -> Outcome {
        var outcome = Outcome()
        do {
            // Nothing was moved: what its owner may have changed since the list was made is none of ours.
            if target == .old, !list.hasBegun { return outcome }
            if target == .new { try begin(&outcome) }
            try openUp()
            for slot in list.slots { try settle(slot, toward: target, &outcome) }
            try restoreModes()
            try step("root metadata")
            let (wanted, other) = target == .new ? (list.newRoot, list.oldRoot) : (list.oldRoot, list.newRoot)
            try wanted.apply(to: staging.root.handle, leaving: other) { outcome.warnings.add($0) }
            for directory in [staging.tree.handle, staging.parked, staging.root.handle] {
                try step("sync")
                try directory.sync()
            }
            if target == .old {
                list.hasBegun = false
                try save()
            }
            try step("end")
        } catch let failure as CallFailure {
            throw failure.error("exchange the entries of", Array(staging.root.path.utf8))
        }
        return outcome
    }

    /// Before anything moves toward `.new`: the list says so, and says what the old side is now.
    private mutating func begin(_ outcome: inout Outcome) throws {
        let strangers = try strangers()
        guard try side() == .old else { return outcome.leftAlone = strangers }
        outcome.madeMeanwhile = strangers
        let before = list
        let new = list.slots.reduce(into: [[UInt8]: ExchangeList.Thing]()) { $0[$1.name] = $1.new }
        list = ExchangeList(
            // After a crash on the way back to the old side, the root may still have the new one's metadata.
            job: list.job, oldRoot: list.hasBegun ? list.oldRoot : try RootMetadata(of: staging.root.handle),
            newRoot: list.newRoot, old: try Self.things(in: staging.root.handle, isRoot: true), new: new)
        list.hasBegun = true
        if list != before { try save() }
    }

    /// A root directory that its owner may not write is made writable for the exchange, where this process is not root.
    private func openUp() throws {
        guard !staging.root.handle.isRoot else { return }
        let status = try staging.root.handle.status()
        guard status.owner == staging.root.handle.calls.effectiveUser, status.mode & 0o300 != 0o300 else { return }
        try step("open up the root")
        try staging.root.handle.setMode(status.mode | 0o300, of: [])
    }

    func save() throws {
        try step("write the list")
        try staging.writeRecord(ExchangeList.name, list.bytes)
    }

    /// Everything that stands in a directory. A mount point can't be moved and is refused.
    static func things(in directory: MediaHandle, isRoot: Bool) throws -> [[UInt8]: ExchangeList.Thing] {
        let device = try directory.status().identity.device
        // A handle of its own: the position in a directory belongs to the open file.
        let names = try NameList(of: directory.directory(at: Array(".".utf8))) {
            isRoot && $0.starts(with: StagingNames.mediaPrefix.utf8)
        }
        var things: [[UInt8]: ExchangeList.Thing] = [:]
        things.reserveCapacity(names.count)
        for index in 0..<names.count {
            let name = names[index]
            guard let status = try directory.statusIfPresent(of: name) else { continue }
            guard status.identity.device == device, !status.isMountRoot else {
                throw HoldfastError(
                    .checkFailed,
                    "'\(String.printable(bytes: name))' in the tree is a mount point and can't be exchanged. Unmount it, or "
                        + "make the trees inside of it services of their own.")
            }
            things[name] = ExchangeList.Thing(status)
        }
        return things
    }
}

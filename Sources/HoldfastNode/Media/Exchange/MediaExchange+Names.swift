import Glibc
import HoldfastModel

/// What happens to one name of an exchange.
extension MediaExchange {
    private typealias Slot = ExchangeList.Slot

    /// What bears a name in the three directories of an exchange.
    private struct Places {
        var root: FileStatus?
        var tree: FileStatus?
        var parked: FileStatus?
    }

    private func places(of name: [UInt8]) throws(CallFailure) -> Places {
        Places(
            root: try staging.root.handle.statusIfPresent(of: name),
            tree: try staging.tree.handle.statusIfPresent(of: name),
            parked: try staging.parked.statusIfPresent(of: name))
    }

    /// On which side a name is; nil where nothing tells any more. What lies in `tree/` decides: nobody but this program
    /// changes that, while an application may replace or remove a name in the root at any time.
    func state(of slot: ExchangeList.Slot) throws(CallFailure) -> Side? {
        let places = try places(of: slot.name)
        if places.parked != nil { return .mixed }
        if let tree = places.tree { return slot.new?.matches(tree) == true ? .old : .new }
        // Nothing was set aside, or it was taken back and what stood in its place is gone.
        if slot.old?.matches(places.root) == true { return .old }
        if slot.new?.matches(places.root) == true { return .new }
        return nil
    }

    func settle(_ slot: ExchangeList.Slot, toward target: SwapSide, _ outcome: inout Outcome) throws {
        let (wanted, leaving) = target == .new ? (slot.new, slot.old) : (slot.old, slot.new)
        var places = try places(of: slot.name)
        if places.parked != nil { places = try unpark(slot, wanted, places) }

        if let wanted, wanted.matches(places.root) { return }
        if let wanted, wanted.matches(places.tree) {
            guard places.root != nil else { return try move(slot.name, staging.tree.handle, staging.root.handle) }
            return try exchange(slot.name)
        }
        if leaving?.matches(places.root) == true {
            // The wanted thing is not there, or is what something else put in its place before it was set aside.
            if places.tree != nil { return try exchange(slot.name) }
            return try move(slot.name, staging.root.handle, staging.tree.handle)
        }
        switch (target, places.root, places.tree) {
        case (.new, .some, nil) where slot.new == nil:
            // Replaced in the root since the list was made, and never moved: it is old content.
            try move(slot.name, staging.root.handle, staging.tree.handle)
        case (.old, nil, .some(let tree)) where slot.new?.matches(tree) != true:
            try move(slot.name, staging.tree.handle, staging.root.handle)
        case (_, .some, _):
            outcome.leftAlone.append(String.printable(bytes: slot.name))
        default: break
        }
    }

    /// Ends two renames in place of an exchange that a crash interrupted.
    private func unpark(_ slot: ExchangeList.Slot, _ wanted: ExchangeList.Thing?, _ places: Places) throws -> Places {
        let (root, tree, parked) = (staging.root.handle, staging.tree.handle, staging.parked)
        switch (places.root, places.tree) {
        case (nil, .some):
            // Only the first rename was made. The wanted one of the two goes to the root, the other to `tree/`.
            if wanted?.matches(places.parked) == true || wanted?.matches(places.tree) != true {
                try move(slot.name, parked, root)
            } else {
                try move(slot.name, tree, root)
                try move(slot.name, parked, tree)
            }
        case (.some, nil):
            if wanted?.matches(places.parked) == true {
                try move(slot.name, root, tree)
                try move(slot.name, parked, root)
            } else {
                try move(slot.name, parked, tree)
            }
        case (nil, nil):
            let toRoot = wanted?.matches(places.parked) == true
            try move(slot.name, parked, toRoot ? root : tree)
        case (.some, .some):
            throw HoldfastError(
                .conflict,
                "Something made '\(String.printable(bytes: slot.name))' in '\(staging.root.path)' in the middle of its exchange. "
                    + "Move it elsewhere; the exchange then goes on.")
        }
        return try self.places(of: slot.name)
    }

    private func exchange(_ name: [UInt8]) throws {
        let (root, tree) = (staging.root.handle, staging.tree.handle)
        if mayExchange {
            do {
                try step("exchange \(String.printable(bytes: name))")
                return try withWritableDirectories(name) { () throws(CallFailure) in try root.exchange(name, with: tree)
                }
            } catch let failure as CallFailure {
                guard failure.meansNotSupported else { throw failure }
            }
        }
        try move(name, root, staging.parked)
        try move(name, tree, root)
        try move(name, staging.parked, tree)
    }

    private func move(_ name: [UInt8], _ from: MediaHandle, _ to: MediaHandle) throws {
        try step("move \(String.printable(bytes: name))")
        try withWritableDirectories(name) { () throws(CallFailure) in try from.rename(name, to: name, in: to) }
    }

    /// A directory can be moved to another one only by who may write it, unless by root.
    private func withWritableDirectories(
        _ name: [UInt8], _ body: () throws(CallFailure) -> Void
    ) throws(CallFailure) {
        do {
            try body()
        } catch {
            guard error.number == EACCES, !staging.root.handle.isRoot else { throw error }
            for place in [staging.root.handle, staging.tree.handle, staging.parked] {
                guard let status = try place.statusIfPresent(of: name), status.kind == .directory,
                    status.mode & 0o200 == 0, status.owner == place.calls.effectiveUser
                else { continue }
                try place.setMode(status.mode | 0o200, of: name)
            }
            try body()
        }
    }

    /// Undoes what `withWritableDirectories` did, perhaps before a crash.
    func restoreModes() throws {
        guard !staging.root.handle.isRoot else { return }
        for slot in list.slots {
            for thing in [slot.old, slot.new].compactMap(\.self) where thing.isDirectory && thing.mode & 0o200 == 0 {
                for place in [staging.root.handle, staging.tree.handle] {
                    guard let status = try place.statusIfPresent(of: slot.name), thing.matches(status),
                        status.mode == thing.mode | 0o200
                    else { continue }
                    try step("restore a mode")
                    try place.setMode(thing.mode, of: slot.name)
                }
            }
        }
    }

    /// Names in the root that the list doesn't have, or has otherwise.
    func strangers() throws -> [String] {
        let known = Dictionary(uniqueKeysWithValues: list.slots.map { ($0.name, $0) })
        return try Self.things(in: staging.root.handle, isRoot: true).filter { name, thing in
            guard let slot = known[name] else { return true }
            return ![slot.old, slot.new].contains { $0?.identity.inode == thing.identity.inode }
        }.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { String.printable(bytes: $0) }
    }
}

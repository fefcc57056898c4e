import Glibc
package import HoldfastNode

extension ModelFileCalls {
    package func makeDirectory(_ name: [UInt8], in directory: FileNumber, mode: UInt16) throws(CallFailure) {
        try perform(.makeDirectory, name) { state throws(CallFailure) in
            _ = try make(name, in: directory, .directory, mode: mode & 0o1777, &state)
        }
    }

    package func makeSymbolicLink(
        _ name: [UInt8], in directory: FileNumber, to target: [UInt8]
    ) throws(CallFailure) {
        try perform(.makeSymbolicLink, name) { state throws(CallFailure) in
            guard !target.isEmpty else { throw CallFailure(ENOENT) }
            guard target.count < 4096 else { throw CallFailure(ENAMETOOLONG) }
            let made = try make(name, in: directory, .symbolicLink, mode: 0o777, &state)
            state.change(made) { $0.target = target }
        }
    }

    package func makeNode(
        _ name: [UInt8], in directory: FileNumber, _ kind: FileStatus.Kind, mode: UInt16, special: UInt64
    ) throws(CallFailure) {
        try perform(.makeNode, name) { state throws(CallFailure) in
            switch kind {
            case .directory: throw CallFailure(EPERM)
            case .symbolicLink: throw CallFailure(EINVAL)
            default: break
            }
            let isDevice = kind == .characterDevice || kind == .blockDevice
            _ = try state.place(of: name, in: directory, caller)
            guard !isDevice || caller.isRoot else { throw CallFailure(EPERM) }
            let made = try make(name, in: directory, kind, mode: mode, &state)
            if isDevice { state.change(made) { $0.special = special } }
        }
    }

    /// Makes a thing with one name. A directory that passes its group on does so.
    func make(
        _ name: [UInt8], in directory: FileNumber, _ kind: FileStatus.Kind, mode: UInt16,
        _ state: inout ModelFileState
    ) throws(CallFailure) -> UInt64 {
        let place = try state.place(of: name, in: directory, caller)
        let parent = try state.inode(place)
        if kind == .directory { try state.take(ModelFileState.block) }
        let inherits = parent.mode & 0o2000 != 0
        // The mask that most processes have.
        let mode = kind == .symbolicLink ? mode : mode & ~0o022 | (kind == .directory && inherits ? 0o2000 : 0)
        let made = state.make(kind, mode: mode, owner: caller.user, group: inherits ? parent.group : caller.group)
        if kind == .directory {
            state.change(made) { ($0.links, $0.parent) = (2, place) }
            state.change(place) { $0.links += 1 }
        }
        state.setName(name, in: place, to: made)
        return made
    }

    package func makeHardLink(
        _ newName: [UInt8], in directory: FileNumber, to name: [UInt8], in other: FileNumber
    ) throws(CallFailure) {
        try perform(.makeHardLink, newName) { state throws(CallFailure) in
            let found = try state.find(name, below: state.descriptor(other).inode, caller)
            let place = try state.place(of: newName, in: directory, caller)
            guard try state.inode(found).kind != .directory else { throw CallFailure(EPERM) }
            let now = state.clock()
            state.change(found) { inode in
                inode.links += 1
                inode.changed = now
            }
            state.setName(newName, in: place, to: found)
        }
    }

    package func remove(_ name: [UInt8], in directory: FileNumber, isDirectory: Bool) throws(CallFailure) {
        try perform(.remove, name) { state throws(CallFailure) in
            if name == ModelFileState.here { throw CallFailure(isDirectory ? EINVAL : EISDIR) }
            if name == ModelFileState.above { throw CallFailure(isDirectory ? ENOTEMPTY : EISDIR) }
            let parent = try state.descriptor(directory).inode
            let found = try state.find(name, below: parent, caller)
            try state.requireRemovable(found, from: parent, caller)
            let inode = try state.inode(found)
            switch (inode.kind == .directory, isDirectory) {
            case (true, false): throw CallFailure(EISDIR)
            case (false, true): throw CallFailure(ENOTDIR)
            default: break
            }
            guard !isDirectory || state.isEmpty(inode) else { throw CallFailure(ENOTEMPTY) }
            take(name, from: parent, inode, found, &state)
        }
    }

    /// A name and what it stood for go.
    private func take(
        _ name: [UInt8], from parent: UInt64, _ inode: ModelInode, _ number: UInt64, _ state: inout ModelFileState
    ) {
        state.setName(name, in: parent, to: nil)
        if inode.kind == .directory { state.change(parent) { $0.links -= 1 } }
        state.dropLink(number)
    }

    package func rename(
        _ name: [UInt8], in directory: FileNumber, to newName: [UInt8], in other: FileNumber, _ rule: RenameRule
    ) throws(CallFailure) {
        try perform(.rename, name) { state throws(CallFailure) in
            let (from, to) = (try state.descriptor(directory).inode, try state.descriptor(other).inode)
            let special = [ModelFileState.here, ModelFileState.above]
            if special.contains(name) || special.contains(newName) { throw CallFailure(EBUSY) }
            let moved = try state.find(name, below: from, caller)
            let present = try state.findIfPresent(newName, below: to, caller)
            if rule == .exchange {
                guard !state.options.refusesExchange else { throw CallFailure(EINVAL) }
                guard let present else { throw CallFailure(ENOENT) }
                return try exchange((name, from, moved), (newName, to, present), &state)
            }
            if rule == .toFree, present != nil { throw CallFailure(EEXIST) }
            let inode = try state.inode(moved)
            if inode.kind == .directory, state.isAbove(moved, to) { throw CallFailure(EINVAL) }
            if let present, state.isAbove(present, from) { throw CallFailure(ENOTEMPTY) }
            if present == moved { return }
            try requireMovable(moved, from: from, to: to, state)
            guard try state.inode(to).links > 0 else { throw CallFailure(ENOENT) }
            if let present { try replace(present, newName, in: to, by: inode, &state) }
            state.setName(name, in: from, to: nil)
            state.setName(newName, in: to, to: moved)
            settle(moved, from: from, to: to, &state)
        }
    }

    private func replace(
        _ present: UInt64, _ name: [UInt8], in directory: UInt64, by inode: ModelInode, _ state: inout ModelFileState
    ) throws(CallFailure) {
        let old = try state.inode(present)
        try state.requireRemovable(present, from: directory, caller)
        switch (inode.kind == .directory, old.kind == .directory) {
        case (true, false): throw CallFailure(ENOTDIR)
        case (false, true): throw CallFailure(EISDIR)
        default: break
        }
        guard old.kind != .directory || state.isEmpty(old) else { throw CallFailure(ENOTEMPTY) }
        take(name, from: directory, old, present, &state)
    }

    private typealias Named = (name: [UInt8], directory: UInt64, number: UInt64)

    private func exchange(
        _ first: Named, _ second: Named, _ state: inout ModelFileState
    ) throws(CallFailure) {
        for (one, other) in [(first, second), (second, first)] {
            let inode = try state.inode(one.number)
            if inode.kind == .directory, state.isAbove(one.number, other.directory) { throw CallFailure(EINVAL) }
            try requireMovable(one.number, from: one.directory, to: other.directory, state)
        }
        if first.number == second.number { return }
        state.setName(first.name, in: first.directory, to: second.number)
        state.setName(second.name, in: second.directory, to: first.number)
        settle(first.number, from: first.directory, to: second.directory, &state)
        settle(second.number, from: second.directory, to: first.directory, &state)
    }

    /// A directory that gets another parent is itself changed.
    private func requireMovable(
        _ number: UInt64, from: UInt64, to: UInt64, _ state: ModelFileState
    ) throws(CallFailure) {
        try state.requireRemovable(number, from: from, caller)
        try state.requireDirectory(to, 3, caller)
        let inode = try state.inode(number)
        guard inode.kind != .directory || from == to || caller.may(2, inode) else { throw CallFailure(EACCES) }
    }

    /// What was moved learns of it.
    private func settle(_ number: UInt64, from: UInt64, to: UInt64, _ state: inout ModelFileState) {
        let now = state.clock()
        state.change(number) { $0.changed = now }
        guard from != to, state.inodes[number]?.kind == .directory else { return }
        state.change(number) { $0.parent = to }
        state.change(from) { $0.links -= 1 }
        state.change(to) { $0.links += 1 }
    }
}

import Glibc
package import HoldfastArchive
package import HoldfastNode

extension ModelFileCalls {
    package func setMode(_ mode: UInt16, of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        try perform(.setMode, name) { state throws(CallFailure) in
            let found = try changeable(name, in: directory, state)
            let inode = try state.inode(found)
            guard inode.kind != .symbolicLink else { throw CallFailure(EOPNOTSUPP) }
            guard caller.owns(inode) else { throw CallFailure(EPERM) }
            // Only a member of the group may let others run as it.
            let isMember = caller.isRoot || inode.group == caller.group
            let now = state.clock()
            state.change(found) { ($0.mode, $0.changed) = (isMember ? mode : mode & ~0o2000, now) }
        }
    }

    package func setOwner(
        _ owner: UInt32, _ group: UInt32, of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) {
        try perform(.setOwner, name) { state throws(CallFailure) in
            let found = try changeable(name, in: directory, state)
            let inode = try state.inode(found)
            let isOwn = inode.owner == caller.user && owner == inode.owner
            guard caller.isRoot || isOwn && (group == inode.group || group == caller.group) else {
                throw CallFailure(EPERM)
            }
            let now = state.clock()
            state.change(found) { inode in
                (inode.owner, inode.group, inode.changed) = (owner, group, now)
                inode.dropSetID()
            }
        }
    }

    package func setModified(_ time: FileTime, of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        try perform(.setModified, name) { state throws(CallFailure) in
            let found = try changeable(name, in: directory, state)
            guard time.nanoseconds < 1_000_000_000 else { throw CallFailure(EINVAL) }
            guard caller.owns(try state.inode(found)) else { throw CallFailure(EPERM) }
            let now = state.clock()
            state.change(found) { ($0.modified, $0.changed) = (time, now) }
        }
    }

    /// An open file that was opened as a place only can't be changed by.
    private func changeable(
        _ name: [UInt8], in directory: FileNumber, _ state: ModelFileState
    ) throws(CallFailure) -> UInt64 {
        if name.isEmpty { _ = try state.open(directory) }
        return try state.find(name, in: directory, caller)
    }

    // MARK: Attributes

    package func attributeNames(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [[UInt8]] {
        try perform(.attributeNames, name) { state throws(CallFailure) in
            let inode = try state.inode(changeable(name, in: directory, state))
            return inode.attributes.keys.filter { caller.isRoot || !$0.starts(with: "trusted.".utf8) }
                .sorted { $0.lexicographicallyPrecedes($1) }
        }
    }

    package func attribute(
        _ key: [UInt8], of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) -> [UInt8] {
        try perform(.attribute, name) { state throws(CallFailure) in
            let inode = try state.inode(changeable(name, in: directory, state))
            try requireName(key)
            if try space(of: key) == .user, !inode.mayHaveUserAttributes { throw CallFailure(ENODATA) }
            if try space(of: key) == .user, !caller.may(4, inode) { throw CallFailure(EACCES) }
            guard let value = inode.attributes[key], caller.isRoot || !key.starts(with: "trusted.".utf8) else {
                throw CallFailure(ENODATA)
            }
            return value
        }
    }

    package func setAttribute(
        _ attribute: MediaEntry.ExtendedAttribute, of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) {
        try perform(.setAttribute, name) { state throws(CallFailure) in
            let found = try changeable(name, in: directory, state)
            try requireName(attribute.name)
            guard attribute.value.count <= 65_536 else { throw CallFailure(E2BIG) }
            try requireAttributeRights(attribute.name, state.inode(found))
            // All of them share one block.
            guard attribute.value.count <= 3000 else { throw CallFailure(ENOSPC) }
            let now = state.clock()
            state.change(found) { inode in
                inode.attributes[attribute.name] = attribute.value
                inode.changed = now
            }
        }
    }

    package func removeAttribute(
        _ key: [UInt8], of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) {
        try perform(.removeAttribute, name) { state throws(CallFailure) in
            let found = try changeable(name, in: directory, state)
            try requireName(key)
            try requireAttributeRights(key, state.inode(found))
            guard try state.inode(found).attributes[key] != nil else { throw CallFailure(ENODATA) }
            let now = state.clock()
            state.change(found) { inode in
                inode.attributes[key] = nil
                inode.changed = now
            }
        }
    }

    private enum AttributeSpace { case user, privileged }

    private func requireName(_ key: [UInt8]) throws(CallFailure) {
        guard !key.isEmpty, key.count <= 255 else { throw CallFailure(ERANGE) }
    }

    /// Access control lists, which are all of `system.`, are as of a file system mounted without them.
    private func space(of key: [UInt8]) throws(CallFailure) -> AttributeSpace {
        if key.starts(with: "user.".utf8), key.count > 5 { return .user }
        if key.starts(with: "trusted.".utf8), key.count > 8 { return .privileged }
        if key.starts(with: "security.".utf8), key.count > 9 { return .privileged }
        throw CallFailure(EOPNOTSUPP)
    }

    private func requireAttributeRights(_ key: [UInt8], _ inode: ModelInode) throws(CallFailure) {
        switch try space(of: key) {
        case .user:
            guard inode.mayHaveUserAttributes else { throw CallFailure(EPERM) }
            guard caller.may(2, inode) else { throw CallFailure(EACCES) }
        case .privileged:
            guard caller.isRoot else { throw CallFailure(EPERM) }
        }
    }
}

extension ModelInode {
    fileprivate var mayHaveUserAttributes: Bool { kind == .file || kind == .directory }
}

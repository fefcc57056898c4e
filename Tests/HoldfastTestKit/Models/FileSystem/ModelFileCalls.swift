import Glibc
package import HoldfastNode

/// One process's calls to a `ModelFileSystem`.
package struct ModelFileCalls: FileCalls {
    let system: ModelFileSystem
    let number: Int
    let caller: ModelUser
    private let before: @Sendable (FileCall, [UInt8]) throws(CallFailure) -> Void

    init(
        system: ModelFileSystem, number: Int, user: UInt32, group: UInt32,
        before: @escaping @Sendable (FileCall, [UInt8]) throws(CallFailure) -> Void
    ) {
        self.system = system
        self.number = number
        caller = ModelUser(user: user, group: group)
        self.before = before
    }

    package var effectiveUser: UInt32 { caller.user }

    func perform<Result: Sendable>(
        _ call: FileCall, _ name: [UInt8] = [], _ body: (inout ModelFileState) throws(CallFailure) -> Result
    ) throws(CallFailure) -> Result {
        try before(call, name)
        return try system.perform { state throws(CallFailure) in
            if call != .sync, call != .syncFileSystem, let fault = state.options.fault?(call, name) {
                throw CallFailure(fault)
            }
            return try body(&state)
        }
    }

    /// The process has ended: the kernel closes what it left open.
    package func end() {
        try? system.perform { state throws(CallFailure) in
            for file in state.descriptors.filter({ $0.value.process == number }).keys { state.close(file) }
        }
    }

    // MARK: Opening

    package func openConfiguredDirectory(_ path: [UInt8]) throws(CallFailure) -> FileNumber {
        try perform(.openConfiguredDirectory, path) { state throws(CallFailure) in
            guard path.first == UInt8(ascii: "/") else { throw CallFailure(ENOENT) }
            var followed = 0
            var current = ModelFileState.root
            var rest = Array(path.split(separator: UInt8(ascii: "/")).reversed())
            while let component = rest.popLast() {
                let found = try state.find(Array(component), below: current, caller)
                let inode = try state.inode(found)
                guard inode.kind == .symbolicLink else {
                    current = found
                    continue
                }
                followed += 1
                guard followed <= 40 else { throw CallFailure(ELOOP) }
                if inode.target.first == UInt8(ascii: "/") { current = ModelFileState.root }
                rest += inode.target.split(separator: UInt8(ascii: "/")).reversed()
            }
            try state.requireDirectory(current, 4, caller)
            return state.open(current, .read, process: number)
        }
    }

    package func openDirectory(
        _ path: [UInt8], in directory: FileNumber, sameMount: Bool
    ) throws(CallFailure) -> FileNumber {
        try perform(.openDirectory, path) { state throws(CallFailure) in
            guard !path.isEmpty else { throw CallFailure(ENOENT) }
            guard path.count < 4096 else { throw CallFailure(ENAMETOOLONG) }
            guard path.first != UInt8(ascii: "/") else { throw CallFailure(EXDEV) }
            let start = try state.descriptor(directory).inode
            var current = start
            for component in path.split(separator: UInt8(ascii: "/")) {
                if Array(component) == ModelFileState.above, current == start { throw CallFailure(EXDEV) }
                current = try state.find(Array(component), below: current, caller)
                if try state.inode(current).kind == .symbolicLink { throw CallFailure(ELOOP) }
            }
            try state.requireDirectory(current, 4, caller)
            return state.open(current, .read, process: number)
        }
    }

    package func openParent(of directory: FileNumber) throws(CallFailure) -> FileNumber {
        try perform(.openParent) { state throws(CallFailure) in
            let start = try state.descriptor(directory).inode
            let parent = try state.find(ModelFileState.above, below: start, caller)
            return state.open(parent, .path, process: number)
        }
    }

    package func openFile(_ name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileNumber {
        try perform(.openFile, name) { state throws(CallFailure) in
            let found = try state.find(name, below: state.descriptor(directory).inode, caller)
            let inode = try state.inode(found)
            switch inode.kind {
            case .symbolicLink: throw CallFailure(ELOOP)
            case _ where !caller.may(4, inode): throw CallFailure(EACCES)
            // No driver answers to any number.
            case .socket, .characterDevice, .blockDevice: throw CallFailure(ENXIO)
            default: return state.open(found, .read, process: number)
            }
        }
    }

    package func createFile(
        _ name: [UInt8], in directory: FileNumber, mode: UInt16
    ) throws(CallFailure) -> FileNumber {
        try perform(.createFile, name) { state throws(CallFailure) in
            let made = try make(name, in: directory, .file, mode: mode, &state)
            return state.open(made, .write, process: number)
        }
    }

    package func close(_ file: FileNumber) {
        try? system.perform { state throws(CallFailure) in state.close(file) }
    }

    // MARK: Looking

    package func status(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileStatus {
        try perform(.status, name) { state throws(CallFailure) in
            try state.status(of: state.find(name, in: directory, caller))
        }
    }

    package func list(
        _ directory: FileNumber, _ body: (UnsafeRawBufferPointer) throws(CallFailure) -> Void
    ) throws(CallFailure) {
        let names = try perform(.list) { state throws(CallFailure) in
            let inode = try state.inode(state.open(directory).inode)
            guard inode.kind == .directory else { throw CallFailure(ENOTDIR) }
            return (state.names[inode.body] ?? [:]).keys.sorted { $0.lexicographicallyPrecedes($1) }
        }
        for name in names {
            let outcome = name.withUnsafeBytes { bytes -> Result<Void, CallFailure> in
                do throws(CallFailure) {
                    return .success(try body(bytes))
                } catch {
                    return .failure(error)
                }
            }
            try outcome.get()
        }
    }

    package func linkTarget(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [UInt8] {
        try perform(.linkTarget, name) { state throws(CallFailure) in
            let inode = try state.inode(state.find(name, in: directory, caller))
            guard inode.kind == .symbolicLink else { throw CallFailure(EINVAL) }
            return inode.target
        }
    }

    package func place(of directory: FileNumber) -> FilePlace? { nil }

    package func space(at directory: FileNumber) throws(CallFailure) -> FileSystemSpace {
        try perform(.space) { state throws(CallFailure) in
            _ = try state.descriptor(directory)
            let capacity = state.options.capacity
            return FileSystemSpace(
                availableBytes: capacity - min(capacity, state.usedBytes), availableInodes: 0, totalInodes: 0,
                type: 0xef53)
        }
    }

    package func requireChangeable(_ directory: FileNumber) throws(CallFailure) {
        try perform(.requireChangeable) { state throws(CallFailure) in
            try state.requireDirectory(state.descriptor(directory).inode, 3, caller)
        }
    }
}

extension ModelFileSystem {
    /// The file system as a process sees it.
    ///
    /// - Parameter before: told of each call before it has any effect; what it throws the call fails with. A process that
    ///   was killed makes no more calls, so for such a one it always throws.
    package func process(
        user: UInt32 = 0, group: UInt32 = 0,
        before: @escaping @Sendable (FileCall, _ name: [UInt8]) throws(CallFailure) -> Void = {
            (_, _) throws(CallFailure) in
        }
    ) -> ModelFileCalls {
        ModelFileCalls(system: self, number: nextProcess(), user: user, group: group, before: before)
    }
}

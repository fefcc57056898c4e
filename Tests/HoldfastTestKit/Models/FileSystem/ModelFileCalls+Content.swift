import Glibc
package import HoldfastNode

extension ModelFileCalls {
    package func read(
        _ file: FileNumber, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(CallFailure) -> Int {
        try perform(.read) { state throws(CallFailure) in
            let descriptor = try state.open(file)
            guard descriptor.access == .read else { throw CallFailure(EBADF) }
            let inode = try regular(descriptor.inode, state)
            guard let bytes = state.contents[inode.body]?.bytes, offset < bytes.count else { return 0 }
            let piece = bytes[Int(offset)..<min(Int(offset) + buffer.count, bytes.count)]
            buffer.copyBytes(from: piece)
            return piece.count
        }
    }

    package func write(
        _ file: FileNumber, _ bytes: UnsafeRawBufferPointer, at offset: UInt64
    ) throws(CallFailure) -> Int {
        try perform(.write) { state throws(CallFailure) in
            let descriptor = try state.open(file)
            guard descriptor.access == .write else { throw CallFailure(EBADF) }
            let inode = try regular(descriptor.inode, state)
            let (end, overflows) = offset.addingReportingOverflow(UInt64(bytes.count))
            guard !overflows, end <= ModelFileState.largestFile else { throw CallFailure(EFBIG) }
            if bytes.isEmpty { return 0 }
            let count = state.contents[inode.body]?.bytes.count ?? 0
            if end > count {
                try state.take(ModelFileState.blocks(end) - ModelFileState.blocks(UInt64(count)))
            }
            edit(descriptor.inode, inode.body, &state) { content in
                if offset > content.count {
                    content.append(contentsOf: repeatElement(0, count: Int(offset) - content.count))
                }
                content.replaceSubrange(Int(offset)..<min(Int(end), content.count), with: bytes)
            }
            return bytes.count
        }
    }

    package func setSize(of file: FileNumber, _ size: UInt64) throws(CallFailure) {
        try perform(.setSize) { state throws(CallFailure) in
            let descriptor = try state.open(file)
            let inode = try state.inode(descriptor.inode)
            guard descriptor.access == .write, inode.kind == .file else { throw CallFailure(EINVAL) }
            guard size <= ModelFileState.largestFile else { throw CallFailure(EFBIG) }
            let count = state.contents[inode.body]?.bytes.count ?? 0
            let (new, old) = (ModelFileState.blocks(size), ModelFileState.blocks(UInt64(count)))
            if new > old { try state.take(new - old) } else { state.usedBytes -= old - new }
            edit(descriptor.inode, inode.body, &state) { content in
                if content.count > size {
                    content.removeSubrange(Int(size)...)
                } else {
                    content.append(contentsOf: repeatElement(0, count: Int(size) - content.count))
                }
            }
        }
    }

    package func nextData(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64 {
        try perform(.nextData) { state throws(CallFailure) in
            guard offset < (try size(file, state)) else { throw CallFailure(ENXIO) }
            return offset
        }
    }

    package func nextHole(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64 {
        try perform(.nextHole) { state throws(CallFailure) in
            let size = try size(file, state)
            guard offset < size else { throw CallFailure(ENXIO) }
            return size
        }
    }

    package func expectSequentialReading(of file: FileNumber) {}
    package func forgetPages(of file: FileNumber) {}

    package func sync(_ file: FileNumber) throws(CallFailure) {
        try perform(.sync) { state throws(CallFailure) in
            let inode = try state.inode(state.open(file).inode)
            try failSync(.sync, losing: [inode.body], &state)
            state.sync([inode.body])
        }
    }

    package func syncFileSystem(of file: FileNumber) throws(CallFailure) {
        try perform(.syncFileSystem) { state throws(CallFailure) in
            _ = try state.open(file)
            try failSync(.syncFileSystem, losing: state.dirty, &state)
            state.sync(state.dirty)
        }
    }

    private func failSync(
        _ call: FileCall, losing bodies: Set<UInt64>, _ state: inout ModelFileState
    ) throws(CallFailure) {
        guard let fault = state.options.fault?(call, []) else { return }
        for body in bodies.intersection(state.dirty) { state.contents[body]?.isLost = true }
        throw CallFailure(fault)
    }

    private func size(_ file: FileNumber, _ state: ModelFileState) throws(CallFailure) -> UInt64 {
        let inode = try regular(state.open(file).inode, state)
        return UInt64(state.contents[inode.body]?.bytes.count ?? 0)
    }

    private func regular(_ number: UInt64, _ state: ModelFileState) throws(CallFailure) -> ModelInode {
        let inode = try state.inode(number)
        switch inode.kind {
        case .file: return inode
        case .directory: throw CallFailure(EISDIR)
        default: throw CallFailure(ESPIPE)
        }
    }

    /// Writing by another than root takes from a program the right to run as its owner.
    private func edit(
        _ number: UInt64, _ body: UInt64, _ state: inout ModelFileState, _ change: (inout [UInt8]) -> Void
    ) {
        change(&state.contents[body, default: ModelContent()].bytes)
        state.dirty.insert(body)
        let now = state.clock()
        state.change(number) { inode in
            (inode.modified, inode.changed) = (now, now)
            if !caller.isRoot { inode.dropSetID() }
        }
    }
}

extension ModelInode {
    /// As the kernel does when a file's content or owner changes.
    mutating func dropSetID() {
        guard kind == .file else { return }
        mode &= ~0o4000
        if mode & 0o010 != 0 { mode &= ~0o2000 }
    }
}

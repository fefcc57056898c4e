import HoldfastNode

extension MemoryVolume {
    /// What a power cut at this moment can't take of a file; nil where it could take the name.
    package func durableContents(of path: String) -> [UInt8]? {
        state.withLock { state in
            let name = DiskPath.name(of: path)
            guard let directory = state.directories[DiskPath.parent(of: path)], let file = directory.files[name] else {
                return nil
            }
            if let before = directory.before[name], before !== file { return nil }
            return Array(file.bytes.prefix(file.durable))
        }
    }
}

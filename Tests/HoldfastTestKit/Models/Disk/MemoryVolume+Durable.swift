import HoldfastNode

extension MemoryVolume {
    /// What a power cut at this moment can't take of a file; nil where it could take the name.
    package func durableContents(of path: String) -> [UInt8]? {
        let versions = durableVersions(of: path)
        return versions.count == 1 ? versions[0] : nil
    }

    /// What may stand under a name after a power cut at this moment: two contents where a replacement is not synced yet;
    /// none where the name may be gone.
    package func durableVersions(of path: String) -> [[UInt8]] {
        state.withLock { state in
            let name = DiskPath.name(of: path)
            guard let directory = state.directories[DiskPath.parent(of: path)], let file = directory.files[name] else {
                return []
            }
            var versions = [file]
            if let before = directory.before[name], before !== file {
                guard let before else { return [] }
                versions.append(before)
            }
            return versions.map { Array($0.bytes.prefix($0.durable)) }
        }
    }
}

/// A file or directory, whatever its name.
package struct FileIdentity: Hashable, Codable, Sendable {
    package var device: UInt64
    package var inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// What a destination physically is, so that two names of the same thing are seen to be one.
package enum PhysicalIdentity: Hashable, Codable, Sendable {
    /// `system` is the server's system identifier.
    case database(system: String, oid: UInt32, name: String)
    /// `ancestors` are the directories above the root, up to that of the file system.
    case media(node: NodeID, root: FileIdentity, ancestors: [FileIdentity])

    /// Whether work on one would touch the other: the same database by OID or name, the same tree, or one tree within the
    /// other.
    package func overlaps(_ other: PhysicalIdentity) -> Bool {
        switch (self, other) {
        case (.database(let system, let oid, let name), .database(let otherSystem, let otherOID, let otherName)):
            system == otherSystem && (oid == otherOID || name == otherName)
        case (.media(let node, let root, let ancestors), .media(let otherNode, let otherRoot, let otherAncestors)):
            node == otherNode
                && (root == otherRoot || ancestors.contains(otherRoot) || otherAncestors.contains(root))
        default: false
        }
    }
}

/// The identities a job has claimed for itself; no other job may have one that overlaps.
package struct Claim: Hashable, Codable, Sendable {
    package var version = 1
    package var job: JobID
    package var destination: EnvironmentReference
    package var identities: [PhysicalIdentity]

    package init(job: JobID, destination: EnvironmentReference, identities: [PhysicalIdentity]) {
        self.job = job
        self.destination = destination
        self.identities = identities
    }
}

package import HoldfastModel

/// The plain beginning of a manifest: which part of which backup it describes, and what opens it. No content, and no
/// name or size of a file, stands here.
package struct ManifestHeader: Hashable, Sendable {
    package let project: ProjectID
    package let backup: BackupID
    package let service: ServiceReference
    package let createdAt: Timestamp
    package let sealingKey: UInt32
    package let salt: [UInt8]

    static let saltBytes = 32
    static let maximumBytes = 10 + 12 + 12 + 1 + 2 + 40 + 8 + 4 + saltBytes

    init(
        project: ProjectID, backup: BackupID, service: ServiceReference, createdAt: Timestamp, sealingKey: UInt32,
        salt: [UInt8]
    ) {
        self.project = project
        self.backup = backup
        self.service = service
        self.createdAt = createdAt
        self.sealingKey = sealingKey
        self.salt = salt
    }

    /// Reads the header at the start of `bytes`, which may go on.
    package init(decoding bytes: [UInt8]) throws(HoldfastError) {
        var reader = ByteReader(bytes, "manifest")
        try reader.format(.manifest)
        (project, backup, service) = try reader.part()
        createdAt = Timestamp(milliseconds: try reader.integer())
        sealingKey = try reader.integer()
        salt = try reader.raw(Self.saltBytes)
    }

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.raw(Format.manifest.start)
        writer.part(project, backup, service)
        writer.integer(createdAt.milliseconds)
        writer.integer(sealingKey)
        writer.raw(salt)
        return writer.bytes
    }

    func sealer(_ keys: ProjectKeys) throws(HoldfastError) -> Sealer {
        Sealer(
            key: KeyDerivation.key(try keys.sealingKey(sealingKey), salt: salt, info: KeyDerivation.manifest(project)),
            header: bytes)
    }
}

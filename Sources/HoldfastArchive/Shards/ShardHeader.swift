import HoldfastModel

/// The first bytes of a shard: what is needed, with the project's keys, to open the rest.
struct ShardHeader: Sendable {
    static let byteCount = 58
    static let saltBytes = 32

    let project: ProjectID
    let sealingKey: UInt32
    let salt: [UInt8]

    init(project: ProjectID, sealingKey: UInt32, salt: [UInt8]) {
        self.project = project
        self.sealingKey = sealingKey
        self.salt = salt
    }

    init(_ bytes: [UInt8], subject: String) throws(HoldfastError) {
        var reader = ByteReader(bytes, subject)
        try reader.format(.shard)
        guard let project = ProjectID(try reader.text(try reader.raw(ProjectID.length))) else {
            throw reader.damaged("it names no project")
        }
        self.project = project
        self.sealingKey = try reader.integer()
        self.salt = try reader.raw(Self.saltBytes)
        try reader.finish()
    }

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.raw(Format.shard.start)
        writer.raw(project.text.utf8)
        writer.integer(sealingKey)
        writer.raw(salt)
        return writer.bytes
    }

    func sealer(_ keys: ProjectKeys) throws(HoldfastError) -> Sealer {
        Sealer(
            key: KeyDerivation.key(try keys.sealingKey(sealingKey), salt: salt, info: KeyDerivation.shard(project)),
            header: bytes)
    }
}

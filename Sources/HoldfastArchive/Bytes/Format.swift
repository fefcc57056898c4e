/// The magic bytes and version with which each format begins.
///
/// The first byte is no text and the last two are a line end, so that a transfer which changes either is noticed.
struct Format {
    static let magicLength = 8

    let magic: [UInt8]
    let version: UInt16

    private init(_ letters: String, version: UInt16) {
        self.magic = [0x89] + Array(letters.utf8) + [0x0d, 0x0a]
        self.version = version
    }

    static let shard = Format("HFSHD", version: 1)
    static let manifest = Format("HFMNF", version: 1)
    static let references = Format("HFREF", version: 1)
    static let tombstone = Format("HFTMB", version: 1)
    static let index = Format("HFIDX", version: 1)
    static let download = Format("HFDLD", version: 1)
    static let project = Format("HFPRJ", version: 1)
    /// Closes shards, manifests and index files, whose last bytes say where things are.
    static let end = Format("HFEND", version: 1)

    var start: [UInt8] { magic + [UInt8(version >> 8), UInt8(version & 255)] }
}

/// What no well-formed object exceeds: checked before anything is allocated.
enum Limits {
    /// Plain bytes of a segment: the target and one largest chunk fit.
    static let segmentBytes = 4 << 20
    static let shardBytes = 256 << 20
    static let shardIndexBytes = 64 << 20
    /// The largest object that a node takes.
    static let manifestBytes = 1 << 30
    static let manifestBlockBytes = 4 << 20
    static let manifestTrailerBytes = 4 << 20
    static let recordBytes = 1 << 30
    static let references = 4 << 20
    /// The tag that AES-GCM adds.
    static let tagBytes = 16
}

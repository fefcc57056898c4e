package import HoldfastModel

/// How the bytes of a prepared file follow from the backup: what was found out when it was prepared, so that any range can
/// be given at once. Kept with the download, as text that only a worker understands.
package struct DownloadLayout: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        /// The stored dump as it is.
        case dump
        /// The media as a tar.
        case tar(Listing)
        /// One file of the media; its entry stands at the first checkpoint.
        case file
        /// A table's data: `head`, then the content of the frames of its block, from the given place of the dump on.
        case table(head: [UInt8], frames: Checkpoints<UInt64>)
        /// A directory of the media as a tar without a list of contents; its entry stands at the first checkpoint.
        case directory([UInt8])
    }

    /// The list of contents of a tar, which is stored in shards of its own.
    package struct Listing: Hashable, Sendable {
        package var version: UInt16
        package var name: [UInt8]
        package var modified: FileTime
        package var byteCount: UInt64
        /// Hold the references of the chunks that hold the list.
        package var chunks: [ChunkReference]
        /// Where both lie.
        package var shards: [ObjectName]

        package init(
            version: UInt16, name: [UInt8], modified: FileTime, byteCount: UInt64, chunks: [ChunkReference],
            shards: [ObjectName]
        ) {
            self.version = version
            self.name = name
            self.modified = modified
            self.byteCount = byteCount
            self.chunks = chunks
            self.shards = shards
        }
    }

    package var form: Form
    package var byteCount: UInt64
    /// Of the dump, or of a tar from behind its list of contents on.
    package var checkpoints: Checkpoints<ManifestPosition>

    package init(form: Form, byteCount: UInt64, checkpoints: Checkpoints<ManifestPosition>) {
        self.form = form
        self.byteCount = byteCount
        self.checkpoints = checkpoints
    }

    /// In hexadecimal digits.
    package var text: String {
        var writer = ByteWriter()
        writer.raw(Format.download.start)
        writer.integer(byteCount)
        switch form {
        case .dump: writer.integer(UInt8(1))
        case .tar(let listing):
            writer.integer(UInt8(2))
            writer.integer(listing.version)
            writer.short(listing.name)
            writer.integer(listing.modified.seconds)
            writer.integer(listing.byteCount)
            writer.integer(UInt16(listing.chunks.count))
            for chunk in listing.chunks {
                writer.name(chunk.name)
                writer.integer(chunk.length)
            }
            writer.integer(UInt16(listing.shards.count))
            for shard in listing.shards { writer.raw(shard.bytes) }
        case .file: writer.integer(UInt8(3))
        case .table(let head, let frames):
            writer.integer(UInt8(4))
            writer.long(head)
            writer.checkpoints(frames) { $0.integer($1) }
        case .directory(let path):
            writer.integer(UInt8(5))
            writer.integer(TarMember.version)
            writer.long(path)
        }
        writer.checkpoints(checkpoints) { $0.place($1) }
        return writer.bytes.hexadecimal
    }

    /// - Throws: `corrupt`; `unsupported` for what a later version prepared.
    package init(_ text: String) throws(HoldfastError) {
        let bytes = [UInt8](hexadecimal: text) ?? []
        var reader = ByteReader(bytes, "layout of a download")
        try reader.format(.download)
        byteCount = try reader.integer()
        switch try reader.integer(UInt8.self) {
        case 1: form = .dump
        case 2: form = .tar(try Listing(&reader))
        case 3: form = .file
        case 4:
            form = .table(
                head: try reader.long(),
                frames: try Checkpoints(&reader) { (reader) throws(HoldfastError) in try reader.integer() })
        case 5:
            try TarMember.require(try reader.integer())
            form = .directory(try reader.long())
        default: throw reader.damaged("it is of no known form")
        }
        checkpoints = try Checkpoints(&reader) { (reader) throws(HoldfastError) in try reader.place() }
        try reader.finish()
    }
}

extension DownloadLayout.Listing {
    fileprivate init(_ reader: inout ByteReader) throws(HoldfastError) {
        version = try reader.integer()
        try TarMember.require(version)
        name = try reader.short()
        modified = FileTime(seconds: try reader.integer(), nanoseconds: 0)
        byteCount = try reader.integer()
        chunks = try reader.references(Int(try reader.integer(UInt16.self)))
        shards = []
        for _ in 0..<(try reader.integer(UInt16.self)) {
            shards.append(ObjectName(bytes: try reader.raw(ObjectName.byteCount)))
        }
    }
}

extension TarMember {
    /// - Throws: `unsupported` for what a later version prepared.
    fileprivate static func require(_ version: UInt16) throws(HoldfastError) {
        guard version == Self.version else {
            throw HoldfastError(
                .unsupported,
                "The download has tar layout \(version), and this program knows \(Self.version): prepare it again")
        }
    }
}

import HoldfastModel

extension MediaEntry {
    /// - Throws: `tooLarge` where a path, name or value exceeds what the format holds.
    func record() throws(HoldfastError) -> [UInt8] {
        let longest = attributes.map(\.name.count).max() ?? 0
        guard path.count <= MediaPath.maximumBytes, longest <= Int(UInt16.max), attributes.count <= Int(UInt16.max)
        else {
            throw HoldfastError(.tooLarge, "The names of \(String.printable(bytes: path)) are too long to be kept.")
        }
        var writer = ByteWriter()
        writer.short(path)
        writer.integer(flags.rawValue)
        writer.integer(mode)
        writer.integer(owner)
        writer.integer(group)
        for time in [modified, changed] {
            writer.integer(time.seconds)
            writer.integer(time.nanoseconds)
        }
        writer.integer(device)
        writer.integer(inode)
        writer.integer(UInt16(attributes.count))
        for attribute in attributes {
            writer.short(attribute.name)
            writer.long(attribute.value)
        }
        try encodeKind(&writer)
        return writer.bytes
    }

    private func encodeKind(_ writer: inout ByteWriter) throws(HoldfastError) {
        switch kind {
        case .directory: writer.integer(UInt8(1))
        case .file(let size, let extents, let chunks):
            writer.integer(UInt8(2))
            writer.integer(size)
            writer.integer(UInt32(extents.count))
            for extent in extents {
                writer.integer(extent.offset)
                writer.integer(extent.length)
            }
            writer.integer(UInt32(chunks.count))
            for chunk in chunks {
                writer.name(chunk.name)
                writer.integer(chunk.length)
            }
        case .symbolicLink(let target):
            guard target.count <= Int(UInt16.max) else {
                throw HoldfastError(.tooLarge, "The link \(String.printable(bytes: path)) is too long to be kept.")
            }
            writer.integer(UInt8(3))
            writer.short(target)
        case .hardLink(let first):
            writer.integer(UInt8(4))
            writer.short(first.prefix(MediaPath.maximumBytes))
        case .fifo: writer.integer(UInt8(5))
        case .socket: writer.integer(UInt8(6))
        case .characterDevice(let number):
            writer.integer(UInt8(7))
            writer.integer(number)
        case .blockDevice(let number):
            writer.integer(UInt8(8))
            writer.integer(number)
        }
    }

    init(record: [UInt8], subject: String) throws(HoldfastError) {
        var reader = ByteReader(record, subject)
        let path = try reader.short()
        let flags = Flags(rawValue: try reader.integer())
        let (mode, owner, group) = (
            try reader.integer(UInt16.self), try reader.integer(UInt32.self), try reader.integer(UInt32.self)
        )
        let modified = FileTime(seconds: try reader.integer(), nanoseconds: try reader.integer())
        let changed = FileTime(seconds: try reader.integer(), nanoseconds: try reader.integer())
        let (device, inode) = (try reader.integer(UInt64.self), try reader.integer(UInt64.self))
        var attributes: [ExtendedAttribute] = []
        for _ in 0..<(try reader.integer(UInt16.self)) {
            attributes.append(ExtendedAttribute(name: try reader.short(), value: try reader.long()))
        }
        let kind = try Self.decodeKind(&reader)
        try reader.finish()
        self.init(
            path: path, kind: kind, mode: mode, owner: owner, group: group, modified: modified, changed: changed,
            device: device, inode: inode, attributes: attributes, flags: flags)
    }

    private static func decodeKind(_ reader: inout ByteReader) throws(HoldfastError) -> Kind {
        switch try reader.integer(UInt8.self) {
        case 1: return .directory
        case 2:
            let size = try reader.integer(UInt64.self)
            let extentCount = Int(try reader.integer(UInt32.self))
            guard extentCount <= reader.left / 16 else { throw reader.damaged("it counts more extents than it holds") }
            var extents: [Extent] = []
            for _ in 0..<extentCount {
                extents.append(Extent(offset: try reader.integer(), length: try reader.integer()))
            }
            return .file(
                size: size, extents: extents, chunks: try reader.references(Int(try reader.integer(UInt32.self))))
        case 3: return .symbolicLink(target: try reader.short())
        case 4: return .hardLink(first: try reader.short())
        case 5: return .fifo
        case 6: return .socket
        case 7: return .characterDevice(try reader.integer())
        case 8: return .blockDevice(try reader.integer())
        default: throw reader.damaged("an entry is of no known kind")
        }
    }
}

extension ByteReader {
    mutating func references(_ count: Int) throws(HoldfastError) -> [ChunkReference] {
        guard count <= left / (ChunkName.byteCount + 4) else { throw damaged("it counts more chunks than it holds") }
        var references: [ChunkReference] = []
        references.reserveCapacity(count)
        for _ in 0..<count { references.append(ChunkReference(name: try name(), length: try integer())) }
        return references
    }
}

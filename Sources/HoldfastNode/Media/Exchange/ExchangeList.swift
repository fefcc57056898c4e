import HoldfastArchive
import HoldfastModel

/// What stands on either side of an exchange, by inode: written to disk before the first name moves, so that whoever comes
/// after a crash can tell for each name which side it is on.
struct ExchangeList: Equatable {
    /// A thing of a side, wherever it lies now.
    struct Thing: Equatable {
        var identity: FileIdentity
        /// Zero where the file system doesn't tell.
        var born: FileTime
        var mode: UInt16
        var isDirectory: Bool

        init(_ status: FileStatus) {
            identity = status.identity
            born = status.born
            mode = status.mode
            isDirectory = status.kind == .directory
        }

        /// Whether a name leads to it. The device isn't compared: all names are of one file system, whose number may be
        /// another after the machine was started anew.
        func matches(_ status: FileStatus?) -> Bool {
            guard let status, status.identity.inode == identity.inode else { return false }
            let unknown = FileTime(seconds: 0, nanoseconds: 0)
            return born == unknown || status.born == unknown || born == status.born
        }
    }

    /// One name in the root.
    struct Slot: Equatable {
        var name: [UInt8]
        var old: Thing?
        var new: Thing?
    }

    static let name = Array("list".utf8)
    /// The list of the job whose kept content was taken over; it takes its place again if that is given back.
    static let earlierName = Array("earlier-list".utf8)
    private static let (magic, version) = ("HFXL", UInt8(1))

    var job: JobID
    /// Whether anything may have been moved since everything last stood on the old side.
    var hasBegun = false
    var oldRoot: RootMetadata
    var newRoot: RootMetadata
    /// In the order of their names.
    var slots: [Slot]

    init(job: JobID, oldRoot: RootMetadata, newRoot: RootMetadata, old: [[UInt8]: Thing], new: [[UInt8]: Thing]) {
        self.job = job
        self.oldRoot = oldRoot
        self.newRoot = newRoot
        let names = Set(old.keys).union(new.keys).sorted { $0.lexicographicallyPrecedes($1) }
        slots = names.map { Slot(name: $0, old: old[$0], new: new[$0]) }
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try RecordReader(bytes, magic: Self.magic, version: Self.version, what: "list of an exchange")
        guard let job = JobID(String(decoding: try reader.nextBytes(), as: UTF8.self)) else {
            throw HoldfastError(.corrupt, "The list of an exchange names no job.")
        }
        self.job = job
        hasBegun = try reader.next(UInt8.self) != 0
        oldRoot = try RootMetadata(from: &reader)
        newRoot = try RootMetadata(from: &reader)
        slots = []
        for _ in 0..<(try reader.next(UInt64.self)) {
            let name = try reader.nextBytes()
            slots.append(Slot(name: name, old: try Self.thing(&reader), new: try Self.thing(&reader)))
        }
        try reader.finish()
    }

    var bytes: [UInt8] {
        var writer = RecordWriter(magic: Self.magic, version: Self.version)
        writer.add(Array(job.text.utf8))
        writer.add(UInt8(hasBegun ? 1 : 0))
        oldRoot.write(to: &writer)
        newRoot.write(to: &writer)
        writer.add(UInt64(slots.count))
        for slot in slots {
            writer.add(slot.name)
            Self.write(slot.old, &writer)
            Self.write(slot.new, &writer)
        }
        return writer.finished()
    }

    private static func write(_ thing: Thing?, _ writer: inout RecordWriter) {
        guard let thing else { return writer.add(UInt8(0)) }
        writer.add(UInt8(thing.isDirectory ? 2 : 1))
        writer.add(thing.identity.device)
        writer.add(thing.identity.inode)
        writer.add(thing.born.seconds)
        writer.add(thing.born.nanoseconds)
        writer.add(thing.mode)
    }

    private static func thing(_ reader: inout RecordReader) throws -> Thing? {
        let kind: UInt8 = try reader.next()
        guard kind > 0 else { return nil }
        return Thing(
            identity: FileIdentity(device: try reader.next(), inode: try reader.next()),
            born: FileTime(seconds: try reader.next(), nanoseconds: try reader.next()),
            mode: try reader.next(UInt16.self), isDirectory: kind == 2)
    }
}

extension ExchangeList.Thing {
    fileprivate init(identity: FileIdentity, born: FileTime, mode: UInt16, isDirectory: Bool) {
        self.identity = identity
        self.born = born
        self.mode = mode
        self.isDirectory = isDirectory
    }
}

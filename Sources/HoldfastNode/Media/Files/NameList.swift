import CLinux
import Glibc

/// The names in one directory, sorted by their bytes.
///
/// They are held whole, in one block: a directory of a million names of thirty bytes takes about 46 MB while it and what
/// lies below it is walked.
struct NameList {
    private var bytes: [UInt8] = []
    private var spans: [Span] = []

    private struct Span {
        var start: UInt32
        var length: UInt32
    }

    /// Reads the directory from its beginning. Fails with `EFBIG` beyond 4 GiB of names.
    init(of directory: MediaHandle, leavingOut isLeftOut: (UnsafeRawBufferPointer) -> Bool = { _ in false })
        throws(CallFailure)
    {
        // The position belongs to the open file, which may have been read before.
        _ = lseek(directory.number, 0, SEEK_SET)
        var (bytes, spans): ([UInt8], [Span]) = ([], [])
        let room = 65_536
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try CallFailure.check(linux_list_directory(directory.number, buffer.baseAddress, room))
            if count == 0 { break }
            var offset = 0
            while offset + 19 < count {
                // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name, zero.
                let length = Int(buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt16.self))
                guard length > 19, offset + length <= count else { throw CallFailure(EIO) }
                let record = UnsafeRawBufferPointer(rebasing: buffer[(offset + 19)..<(offset + length)])
                let name = UnsafeRawBufferPointer(rebasing: record.prefix { $0 != 0 })
                offset += length
                if Self.isSelfOrParent(name) || isLeftOut(name) { continue }
                guard bytes.count + name.count <= Int(UInt32.max) else { throw CallFailure(EFBIG) }
                spans.append(Span(start: UInt32(bytes.count), length: UInt32(name.count)))
                bytes.append(contentsOf: name)
            }
        }
        bytes.withUnsafeBytes { all in
            spans.sort { left, right in
                let (a, b) = (Int(left.length), Int(right.length))
                guard let base = all.baseAddress else { return false }
                let order = memcmp(base + Int(left.start), base + Int(right.start), min(a, b))
                return order != 0 ? order < 0 : a < b
            }
        }
        self.bytes = bytes
        self.spans = spans
    }

    var count: Int { spans.count }

    subscript(index: Int) -> [UInt8] {
        let span = spans[index]
        return Array(bytes[Int(span.start)..<Int(span.start + span.length)])
    }

    private static func isSelfOrParent(_ name: UnsafeRawBufferPointer) -> Bool {
        let dot = UInt8(ascii: ".")
        return name.count == 1 && name[0] == dot || name.count == 2 && name[0] == dot && name[1] == dot
    }
}

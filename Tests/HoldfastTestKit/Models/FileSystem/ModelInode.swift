import HoldfastArchive
import HoldfastNode

/// An inode of a `ModelFileSystem`, without its content or names, which are the `body`.
struct ModelInode: Sendable {
    var kind: FileStatus.Kind
    var mode: UInt16
    var owner: UInt32
    var group: UInt32
    var special: UInt64 = 0
    var links: UInt32 = 1
    var modified: FileTime
    var changed: FileTime
    let born: FileTime
    var attributes: [[UInt8]: [UInt8]] = [:]
    /// Of a symbolic link.
    var target: [UInt8] = []
    /// Of a directory: the one above.
    var parent: UInt64 = 0
    /// Names what the inode holds. Unlike the inode's number it is never used again.
    let body: UInt64
}

/// A file's content, as a program reads it and as the medium has it.
struct ModelContent: Sendable {
    var bytes: [UInt8] = []
    /// What a power cut can't take. Shares its memory with `bytes` until those change.
    private(set) var durable: [UInt8] = []
    /// After a failed sync the kernel counts the pages as written, and never writes them.
    var isLost = false

    mutating func sync() {
        if !isLost { durable = bytes }
    }

    /// Of each page that wasn't synced either the new content stays, or the one before, or zeros where there was none; the
    /// end may be anywhere from the old to the new one.
    mutating func cut(using random: inout some RandomNumberGenerator) {
        let page = 4096
        let (short, long) = (min(bytes.count, durable.count), max(bytes.count, durable.count))
        let count =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: durable.count
            case 1: isLost ? durable.count : bytes.count
            default: Int.random(in: short...long, using: &random)
            }
        var result = [UInt8](repeating: 0, count: count)
        for start in stride(from: 0, to: count, by: page) {
            let source = isLost || Bool.random(using: &random) ? durable : bytes
            let end = min(start + page, count, source.count)
            if start < end { result.replaceSubrange(start..<end, with: source[start..<end]) }
        }
        bytes = result
        durable = result
        isLost = false
    }
}
